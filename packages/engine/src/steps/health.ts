import { askedAt, type Health, makeProblem, type Problem, problemOf } from "@deploy/core";
import type { HttpAnswer } from "@deploy/remote";
import type { Context } from "../context.ts";
import { type Answer, failed } from "../hosts/ask.ts";
import { everyHost } from "../hosts/fan.ts";
import type { Link } from "../hosts/fleet.ts";
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
    return release === null ? { status: "ok", value: "" } : proveHealth(context, link, step.health, release);
  },
};

/**
 * Asks until `passes` answers in a row are right and none is wrong for `quiet` after them, or `within` is over. An answer is right when its status is the
 * configured one and, with `expectRelease`, it names the release: old code that answers 200 is not healthy.
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
  let passes = 0;
  let proved = Number.POSITIVE_INFINITY;
  let last: Problem = unhealthy(link, health, "no answer came");
  for (;;) {
    const found = await tryOnce(link, health, release, Math.min(health.timeout, deadline - clock.now()));
    passes = found === undefined ? passes + 1 : 0;
    if (found !== undefined) last = found;
    if (passes === 0) proved = Number.POSITIVE_INFINITY;
    else if (passes === health.passes) proved = clock.now();
    if (clock.now() - proved >= quiet)
      return { status: "ok", value: `${health.url} answered ${health.status}` };
    if (signal.aborted || clock.now() + health.interval >= deadline) {
      return failed(
        link,
        passes === 0 ? last : unhealthy(link, health, "did not answer well for long enough"),
      );
    }
    await clock.sleep(health.interval, signal);
  }
}

async function tryOnce(
  link: Link,
  health: Health,
  release: string,
  timeout: number,
): Promise<Problem | undefined> {
  if (link.transport === undefined && !(await link.reconnect())) return link.problem;
  const rehearsal: HttpAnswer = { status: health.status, headers: { "x-release": release }, body: "" };
  try {
    const probe = { url: health.url, address: askedAt(health), timeout: Math.max(timeout, 1), rehearsal };
    const answer = await link.transport?.http(probe);
    const fault = answer === undefined ? { said: "no connection" } : faultOf(answer, health, release);
    return fault === undefined ? undefined : unhealthy(link, health, fault.said, fault.hint);
  } catch (error) {
    const { code, message } = problemOf(error);
    if (code === "connection-lost") await link.reconnect();
    return unhealthy(link, health, message);
  }
}

interface Fault {
  readonly said: string;
  readonly hint?: string;
}

/** Why an answer is not healthy; undefined when it is. */
function faultOf(answer: HttpAnswer, health: Health, release: string): Fault | undefined {
  if (answer.status !== health.status) {
    const location = answer.headers.location;
    const to = location === undefined ? "" : ` to ${location}`;
    return { said: `answered ${answer.status}${to}, expected ${health.status}` };
  }
  if (!health.expectRelease) return undefined;
  const named = answer.headers["x-release"];
  if (named === release || (named === undefined && answer.body.includes(release))) return undefined;
  const commit = commitIn(named ?? answer.body, release);
  if (commit !== undefined)
    return {
      said: `answered ${answer.status} and named the commit ${commit}, expected release ${release}`,
      hint:
        "The application runs this commit, but a commit may be deployed more than once: let it answer with the release, " +
        "which the file RELEASE and $DEPLOY_RELEASE hold (REVISION holds the commit), or set `health.expect-release: false`.",
    };
  return {
    said:
      named === undefined
        ? `answered ${answer.status}, but neither X-Release nor the body names release ${release}`
        : `answered ${answer.status} from release ${named}, expected ${release}`,
  };
}

/** The release's own commit, where this text names it: an id ends with the first seven digits of one. */
function commitIn(text: string, release: string): string | undefined {
  const [, short = "-"] = release.split("-");
  return text.match(/\b[0-9a-f]{7,40}\b/g)?.find((word) => word.startsWith(short));
}

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
