import { type LockOwner, type Plan, type Problem, whoIs } from "@deploy/core";
import type { Acquired, RemoteCommand } from "@deploy/remote";
import { type Answer, askSurely, failed } from "../hosts/ask.ts";
import { type Fleet, type Link, linkOf } from "../hosts/fleet.ts";
import { probeFleet } from "../hosts/probe.ts";
import { followJob, jobsOf, type Shown } from "../jobs/follow.ts";
import type { Control, Work } from "../types.ts";
import { othersOf } from "./others.ts";

/** Milliseconds between two questions to a lock that is held. */
const pause = 2_000;

/** Without an answer to the contrary, silence of a job is told after five minutes. */
const silence = 300_000;

/**
 * Acquires at once, unless another run is at work on a host that was its leader; or tells who holds the lock and tries again until `lockWait` is over. A holder whose run is over is
 * taken over, never while a job runs. A running migration of this very release is followed for as long as it takes.
 */
export async function acquireInTime(
  fleet: Fleet,
  { plan, facts }: Pick<Work, "plan" | "facts">,
  control: Control,
  shown: Shown,
  acquire: (takeover?: string) => RemoteCommand<Acquired>,
): Promise<Answer<Acquired & { readonly waited: boolean }>> {
  const link = linkOf(fleet, fleet.leader);
  const deadline = control.clock.now() + (control.lockWait ?? 0);
  const others = othersOf(fleet, plan, facts, control.owner.id);
  let told = "";
  let over: string | undefined;
  for (let waited = false; ; waited = true) {
    const busy = await others();
    const answer = busy === undefined ? await askSurely(link, acquire(over)) : failed(link, busy);
    if (answer.status === "ok") return { status: "ok", value: { ...answer.value, waited } };
    if (answer.status === "unknown" || control.signal.aborted) return answer;
    const { code, message, place } = answer.problem;
    const ours = busy === undefined && isOurs(answer.problem, plan) ? place.job : undefined;
    if (ours !== undefined && (await followOurs(ours, plan, control, link, shown))) continue;
    if (code !== "locked" && code !== "job-running") return answer;
    const held = busy === undefined && code === "locked" && over === undefined;
    over = held ? await ownerThatIsOver(fleet, plan, control) : undefined;
    if (over !== undefined) continue;
    if (control.clock.now() + pause > deadline) return answer;
    const { host = fleet.leader } = place;
    if (told !== code) control.events({ kind: "note", host, text: `waiting: ${message}` });
    told = code;
    await control.clock.sleep(pause, control.signal);
  }
}

function isOurs({ code, place }: Problem, { release }: Plan): boolean {
  return code === "job-running" && jobsOf(release).includes(place.job ?? "");
}

/** True: it was followed to its end. */
async function followOurs(
  job: string,
  plan: Plan,
  control: Control,
  link: Link,
  shown: Shown,
): Promise<boolean> {
  const { events } = control;
  const watch = { base: plan.deployTo, job, silence };
  events({
    kind: "note",
    host: link.host.name,
    text: "a migration runs already: following it, if it is this release's",
  });
  const followed = await followJob(control, link, watch, shown);
  return followed.status === "ok" && followed.value.end === "over";
}

/** The id of the lock's holder, where somebody who must know says that its run is over. */
async function ownerThatIsOver(fleet: Fleet, plan: Plan, control: Control): Promise<string | undefined> {
  if (control.isOver === undefined) return undefined;
  const holder = await readHolder(fleet, plan);
  if (holder === undefined || !(await control.isOver(holder))) return undefined;
  const who =
    holder.run === ""
      ? `the earlier run of ${whoIs(holder.id)}`
      : `run ${holder.run} of ${holder.repository}`;
  const text = `${who} is over: taking its lock`;
  control.events({ kind: "note", host: fleet.leader, text });
  return holder.id;
}

async function readHolder(fleet: Fleet, plan: Plan): Promise<LockOwner | undefined> {
  const question = { base: plan.deployTo, sharedFiles: [], journal: 0 };
  const links = new Map([[fleet.leader, linkOf(fleet, fleet.leader)]]);
  const [facts] = await probeFleet({ ...fleet, links }, question);
  return facts?.reached === true ? facts.lock.owner : undefined;
}
