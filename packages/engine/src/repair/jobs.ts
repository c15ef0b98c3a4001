import type { Problem } from "@deploy/core";
import {
  type JobList,
  type JobStatus,
  jobEnd,
  jobList,
  jobSettle,
  lockAcquire,
  lockRelease,
  type SettleOptions,
} from "@deploy/remote";
import { askSurely } from "../hosts/ask.ts";
import { type Fleet, type Link, linkOf } from "../hosts/fleet.ts";
import { askLeader, highestToken, lease, type RepairOptions } from "./leader.ts";

/** Jobs of one host, or why they could not be read. */
export type HostJobs =
  | ({ readonly host: string; readonly reached: true } & JobList)
  | { readonly host: string; readonly reached: false; readonly problem: Problem };

/** Every job of every host, in the fleet's order; a host that cannot be read is an answer too. */
export function listJobs(fleet: Fleet, base: string): Promise<readonly HostJobs[]> {
  return Promise.all([...fleet.links.values()].map((link) => jobsOf(link, base)));
}

async function jobsOf(link: Link, base: string): Promise<HostJobs> {
  const { name: host } = link.host;
  if (link.problem !== undefined) return { host, reached: false, problem: link.problem };
  const answer = await askSurely(link, jobList(base));
  return answer.status === "ok"
    ? { host, reached: true, ...answer.value }
    : { host, reached: false, problem: answer.problem };
}

/** A person's word on a failed or lost job of the leader, said while holding the lock. Throws what `lockAcquire` and `jobSettle` throw. */
export async function settleJob(
  fleet: Fleet,
  { base, owner, job, as }: RepairOptions & Pick<SettleOptions, "job" | "as">,
): Promise<{ readonly changed: boolean }> {
  const floor = await highestToken(fleet, base);
  const { token } = await askLeader(fleet, lockAcquire({ base, owner, lease, floor }));
  const fence = { base, token, owner: owner.id };
  try {
    return await askLeader(fleet, jobSettle({ fence, job, as }));
  } finally {
    await askSurely(linkOf(fleet, fleet.leader), lockRelease(fence));
  }
}

/**
 * Ends a job of the leader: TERM, and KILL after `grace` seconds. The lock is given to nobody while a job runs, so
 * this goes above it: with a token that fences whoever holds it. Who that was is still written on the lock.
 */
export async function endJob(
  fleet: Fleet,
  { base, owner, job, grace }: RepairOptions & { readonly job: string; readonly grace: number },
): Promise<JobStatus> {
  const token = (await highestToken(fleet, base)) + 1;
  return askLeader(fleet, jobEnd({ fence: { base, token, owner: owner.id }, job, grace }));
}
