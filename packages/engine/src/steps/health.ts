import { askedAt, type Health, makeProblem, type Problem, problemOf, stepsNamed } from "@deploy/core";
import type { HttpAnswer } from "@deploy/remote";
import type { Context } from "../context.ts";
import { type Answer, failed } from "../hosts/ask.ts";
import { everyHost } from "../hosts/fan.ts";
import type { Link } from "../hosts/fleet.ts";
import { runOn } from "./command.ts";
import { diagnosed, withEvidence } from "./diagnose.ts";
import { bodyOf, type Fault, faultOf, isOf } from "./healthFault.ts";
import { type Runner, unproved } from "./runner.ts";
import { isNew, noteUntold, withSnippet } from "./untold.ts";
import { waitingFor } from "./waiting.ts";

export const runner: Runner<"health"> = {
  run: (context, step) =>
    waitingFor(context, step, (end) =>
      everyHost(
        context,
        step,
        step.hosts,
        async (link) => {
          const answer = await proveHealth(context, link, step.health, context.plan.release);
          end(link.host.name);
          return diagnosed(context, link, await withSnippet(context, link, answer));
        },
        (detail) => detail,
      ),
    ),
  async undo(context, step, link, release) {
    if (release === null) return { status: "ok", value: "" };
    const patient = { ...step.health, within: patience * step.health.within };
    const answer = await proveHealth(context, link, patient, release);
    const untold = answer.status === "failed" && answer.problem.code === "release-untold";
    return untold ? { status: "ok", value: unproved } : answer;
  },
};

/** On the way back nothing waits behind an old release that is slow to come up, and a false alarm wakes somebody. */
const patience = 3;

/**
 * Asks until `passes` answers in a row are right and none is wrong for `quiet` after them, or `within` is over. An answer is
 * right when its status is the configured one and, with `expectRelease`, it names the release: old code that answers 200 is
 * not healthy. A server that died is not waited for, and neither is new code that tells no release.
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
  let [passes, refused, untold, lived, proved] = [0, 0, 0, false, Number.POSITIVE_INFINITY];
  let last: Problem | undefined;
  for (;;) {
    const timeout = Math.min(health.timeout, deadline - clock.now());
    const tried = await tryOnce(link, health, release, timeout);
    passes = tried.problem === undefined ? passes + 1 : 0;
    refused = tried.refused === true ? refused + 1 : 0;
    untold = tried.problem?.code === "release-untold" ? untold + 1 : 0;
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
    if (untold === enough && tried.problem !== undefined) {
      if (isNew(context, link, reloadsOn(context, link))) return failed(link, tried.problem);
      if (release === context.plan.release) noteUntold(context, link, health.url);
    }
    if (signal.aborted || clock.now() + health.interval >= deadline) {
      const short = unhealthy(link, health, "did not answer well for long enough");
      return failed(link, passes === 0 ? (last ?? short) : short);
    }
    await clock.sleep(health.interval, signal);
  }
}

/** Refusals, or answers without a release, in a row that are no moment between two servers. */
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
    const { url, headers = [] } = health;
    const probe = { url, address: askedAt(health), headers, timeout: Math.max(timeout, 1), rehearsal };
    const answer = await link.transport?.http(probe);
    if (answer === undefined) return { problem: unhealthy(link, health, "no connection") };
    const lives = !health.expectRelease || isOf(answer, release);
    const fault = faultOf(answer, health, release);
    if (fault === undefined) return { lives };
    const problem = unhealthy(link, health, fault.said, fault);
    return { lives, problem: withEvidence(problem, bodyOf(answer)) };
  } catch (error) {
    const { code, message } = problemOf(error);
    if (code === "connection-lost") await link.reconnect();
    const [refused, silent] = [code === "http-refused", code === "http-timeout"];
    return { problem: unhealthy(link, health, message), refused, silent };
  }
}

/** What the host's services say where they know that they are over; undefined: not yet up, as far as is known. */
async function whyDead(context: Context, link: Link): Promise<string | undefined> {
  for (const step of reloadsOn(context, link)) {
    if (step.settled === undefined) continue;
    const answer = await runOn(context, link, step, { run: step.settled }, "current");
    if (answer.status === "failed" && answer.exitCode === over)
      return `refuses connections: ${step.service ?? "its server"} died`;
  }
  return undefined;
}

function reloadsOn({ plan }: Context, { host }: Link) {
  return stepsNamed(plan, "reload").filter(({ hosts }) => hosts.includes(host.name));
}

/** What `settled` exits with where it never will be true. */
const over = 69;

function unhealthy(
  link: Link,
  health: Health,
  said: string,
  { hint, untold }: Pick<Fault, "hint" | "untold"> = {},
): Problem {
  return makeProblem(untold === true ? "release-untold" : "unhealthy", `${health.url} ${said}`, {
    ...(hint === undefined ? {} : { hint }),
    place: { host: link.host.name },
  });
}
