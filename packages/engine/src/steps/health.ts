import { askedAt, type Health, makeProblem, type Problem, problemOf, stepsNamed } from "@deploy/core";
import type { HttpAnswer } from "@deploy/remote";
import type { Context } from "../context.ts";
import { type Answer, failed } from "../hosts/ask.ts";
import { everyHost } from "../hosts/fan.ts";
import type { Link } from "../hosts/fleet.ts";
import { runOn } from "./command.ts";
import { faultOf, isOf } from "./healthFault.ts";
import type { Runner } from "./runner.ts";

export const runner: Runner<"health"> = {
  run: (context, step) =>
    everyHost(
      context,
      step,
      step.hosts,
      (link) => proveHealth(context, link, step.health, context.plan.release),
      (detail) => detail,
    ),
  async undo(context, step, link, release) {
    const patient = { ...step.health, within: patience * step.health.within };
    return release === null ? { status: "ok", value: "" } : proveHealth(context, link, patient, release);
  },
};

/** On the way back nothing waits behind an old release that is slow to come up, and a false alarm wakes somebody. */
const patience = 3;

/**
 * Asks until `passes` answers in a row are right and none is wrong for `quiet` after them, or `within` is over. An answer is
 * right when its status is the configured one and, with `expectRelease`, it names the release: old code that answers 200 is
 * not healthy. A server that died is not waited for.
 */
export async function proveHealth(
  context: Context,
  link: Link,
  health: Health,
  release: string,
): Promise<Answer<string>> {
  const { clock, signal, dryRun } = context.control;
  const deadline = clock.now() + health.within;
  const quiet = dryRun ? 0 : (health.quiet ?? 0);
  let [passes, refused, lived, proved] = [0, 0, false, Number.POSITIVE_INFINITY];
  let last: Problem | undefined;
  for (;;) {
    const timeout = Math.min(health.timeout, deadline - clock.now());
    const tried = await tryOnce(link, health, release, timeout);
    passes = tried.problem === undefined ? passes + 1 : 0;
    refused = tried.refused === true ? refused + 1 : 0;
    lived ||= tried.lives === true;
    // The last try may have no time left: that nothing came then is no reason.
    if (last === undefined || timeout === health.timeout || tried.silent !== true)
      last = tried.problem ?? last;
    if (passes === 0) proved = Number.POSITIVE_INFINITY;
    else if (passes === health.passes) proved = clock.now();
    if (clock.now() - proved >= quiet)
      return { status: "ok", value: `${health.url} answered ${health.status}` };
    if (refused > 0 && refused % enough === 0) {
      const died = lived ? "answered, and refuses connections since: it died" : await whyDead(context, link);
      if (died !== undefined) return failed(link, unhealthy(link, health, died));
    }
    if (signal.aborted || clock.now() + health.interval >= deadline) {
      const short = unhealthy(link, health, "did not answer well for long enough");
      return failed(link, passes === 0 ? (last ?? short) : short);
    }
    await clock.sleep(health.interval, signal);
  }
}

/** Refusals in a row that are no moment between two servers. */
const enough = 3;

interface Tried {
  /** Absent: it was a healthy answer. */
  readonly problem?: Problem;
  readonly refused?: boolean;
  /** Nothing came in time. */
  readonly silent?: boolean;
  /** The release itself answered, whatever: a server of before may go down and come up again. */
  readonly lives?: boolean;
}

async function tryOnce(link: Link, health: Health, release: string, timeout: number): Promise<Tried> {
  if (link.transport === undefined && !(await link.reconnect()))
    return { problem: link.problem ?? unhealthy(link, health, "no connection") };
  const rehearsal: HttpAnswer = { status: health.status, headers: { "x-release": release }, body: "" };
  try {
    const probe = { url: health.url, address: askedAt(health), timeout: Math.max(timeout, 1), rehearsal };
    const answer = await link.transport?.http(probe);
    if (answer === undefined) return { problem: unhealthy(link, health, "no connection") };
    const lives = !health.expectRelease || isOf(answer, release);
    const fault = faultOf(answer, health, release);
    return fault === undefined
      ? { lives }
      : { lives, problem: unhealthy(link, health, fault.said, fault.hint) };
  } catch (error) {
    const { code, message } = problemOf(error);
    if (code === "connection-lost") await link.reconnect();
    const [refused, silent] = [code === "http-refused", code === "http-timeout"];
    return { problem: unhealthy(link, health, message), refused, silent };
  }
}

/** What the host's services say where they know that they are over; undefined: not yet up, as far as is known. */
async function whyDead(context: Context, link: Link): Promise<string | undefined> {
  for (const step of stepsNamed(context.plan, "reload")) {
    if (step.settled === undefined || !step.hosts.includes(link.host.name)) continue;
    const answer = await runOn(context, link, step, { run: step.settled }, "current");
    if (answer.status === "failed" && answer.exitCode === over)
      return `refuses connections: ${step.service ?? "its server"} died`;
  }
  return undefined;
}

/** What \`settled\` exits with where it never will be true. */
const over = 69;

function unhealthy(
  link: Link,
  health: Health,
  fault: string,
  hint = "Look at the application's own log on this host; `health.within` sets how long it may take to come up.",
): Problem {
  return makeProblem("unhealthy", `${health.url} on ${link.host.name} ${fault}`, {
    hint,
    place: { host: link.host.name },
  });
}
