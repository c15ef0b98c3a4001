import type { LockOwner, Plan, Problem } from "@deploy/core";
import type { Acquired, RemoteCommand } from "@deploy/remote";
import { type Answer, askSurely } from "./ask.ts";
import { type Fleet, type Link, linkOf } from "./fleet.ts";
import { followJob, migrationJob, type Shown } from "./follow.ts";
import { probeFleet } from "./probe.ts";
import type { RunOptions } from "./types.ts";

/** Milliseconds between two questions to a lock that is held. */
const pause = 2_000;

/** Without an answer to the contrary, silence of a job is told after five minutes. */
const silence = 300_000;

/**
 * Acquires at once, or tells who holds the lock and tries again until `lockWait` is over. A holder whose run is over is
 * taken over, never while a job runs. A running migration of this very release is followed for as long as it takes.
 */
export async function acquireInTime(
  fleet: Fleet,
  options: RunOptions,
  shown: Shown,
  acquire: (takeover?: string) => RemoteCommand<Acquired>,
): Promise<Answer<Acquired & { readonly waited: boolean }>> {
  const link = linkOf(fleet, fleet.leader);
  const deadline = options.clock.now() + (options.lockWait ?? 0);
  let told = "";
  let over: string | undefined;
  for (let waited = false; ; waited = true) {
    const answer = await askSurely(link, acquire(over));
    if (answer.status === "ok") return { status: "ok", value: { ...answer.value, waited } };
    if (answer.status === "unknown" || options.signal.aborted) return answer;
    const { code, message } = answer.problem;
    if (isOurs(answer.problem, options.plan) && (await followOurs(options, link, shown))) continue;
    if (code !== "locked" && code !== "job-running") return answer;
    over = code === "locked" && over === undefined ? await ownerThatIsOver(fleet, options) : undefined;
    if (over !== undefined) continue;
    if (options.clock.now() + pause > deadline) return answer;
    if (told !== code) options.events({ kind: "note", host: fleet.leader, text: `waiting: ${message}` });
    told = code;
    await options.clock.sleep(pause, options.signal);
  }
}

/** The refusal begins with the job's id. */
function isOurs({ code, message }: Problem, { release }: Plan): boolean {
  return code === "job-running" && message.startsWith(`job ${migrationJob(release)} `);
}

/** True: it was followed to its end. */
async function followOurs(options: RunOptions, link: Link, shown: Shown): Promise<boolean> {
  const { plan, events } = options;
  const watch = { base: plan.deployTo, job: migrationJob(plan.release), silence };
  events({
    kind: "note",
    host: link.host.name,
    text: "a migration runs already: following it, if it is this release's",
  });
  const followed = await followJob(options, link, watch, shown);
  return followed.status === "ok" && followed.value.end === "over";
}

/** The id of the lock's holder, where somebody who must know says that its run is over. */
async function ownerThatIsOver(fleet: Fleet, options: RunOptions): Promise<string | undefined> {
  if (options.isOver === undefined) return undefined;
  const holder = await readHolder(fleet, options);
  if (holder === undefined || !(await options.isOver(holder))) return undefined;
  const text = `run ${holder.run} of ${holder.repository} is over: taking its lock`;
  options.events({ kind: "note", host: fleet.leader, text });
  return holder.id;
}

async function readHolder(fleet: Fleet, { plan }: RunOptions): Promise<LockOwner | undefined> {
  const question = { base: plan.deployTo, sharedFiles: [], journal: 0 };
  const links = new Map([[fleet.leader, linkOf(fleet, fleet.leader)]]);
  const [facts] = await probeFleet({ ...fleet, links }, question);
  return facts?.reached === true ? facts.lock.owner : undefined;
}
