import { DeployErrors, type LockOwner, type Problem } from "@deploy/core";
import {
  type Fence,
  type JobList,
  type JobStatus,
  jobEnd,
  jobList,
  jobSettle,
  lockAcquire,
  lockAdopt,
  lockFreeze,
  lockRelease,
  lockUnfreeze,
  probe,
  type RemoteCommand,
  type SettleOptions,
} from "@deploy/remote";
import type { Transport } from "@deploy/transport";
import { askSurely } from "./ask.ts";
import type { Fleet, Link } from "./fleet.ts";
import { linkOf } from "./fleet.ts";
import { holdLock } from "./lock.ts";
import type { RunOptions } from "./types.ts";

/** Who repairs what; `base` is deploy-to. Every function here throws DeployErrors for what the host refuses. */
export interface RepairOptions {
  readonly base: string;
  readonly owner: LockOwner;
}

export interface Unlocked {
  /** False: there was no lock, or it was only looked at. */
  readonly released: boolean;
  /** Hosts that could not be told: they refuse the old holder only once the next run has reached them. */
  readonly unfenced: readonly string[];
}

/** Jobs of one host, or why they could not be read. */
export type HostJobs =
  | ({ readonly host: string; readonly reached: true } & JobList)
  | { readonly host: string; readonly reached: false; readonly problem: Problem };

/** Seconds of the lock that a repair takes for itself. */
const lease = 120;

/**
 * Frees the leader's lock whoever holds it, and fences that one on every host: its next step is refused. Throws
 * `job-running` while a job lives, since its run is then not over. `dryRun`: only looks.
 */
export async function unlockFleet(
  fleet: Fleet,
  { base, owner, dryRun }: RepairOptions & { readonly dryRun: boolean },
): Promise<Unlocked> {
  const { jobs } = await askLeader(fleet, jobList(base));
  const running = jobs.filter(({ state }) => state === "running");
  if (running.length > 0) throw new DeployErrors(running.map((job) => stillRuns(job, fleet.leader)));
  if (dryRun) return { released: false, unfenced: [] };
  const token = (await highestToken(fleet, base)) + 1;
  const { released } = await askLeader(fleet, lockRelease({ base, owner: owner.id, force: true }));
  const fence = { base, token, owner: owner.id };
  return { released, unfenced: released ? await fenceOthers(fleet, fence) : [] };
}

/** The names of the hosts that could not be told. */
async function fenceOthers(fleet: Fleet, fence: Fence): Promise<readonly string[]> {
  const told = await Promise.all(
    othersOf(fleet).map(async (link) => {
      const answer = link.problem ?? (await askSurely(link, lockAdopt(fence)));
      // A host without our folder holds nothing that could be changed.
      const done =
        "status" in answer && (answer.status === "ok" || answer.problem.code === "deploy-to-missing");
      return done ? [] : [link.host.name];
    }),
  );
  return told.flat();
}

/** Nobody new gets the lock from now on; `was`: there was a freeze, its reason is replaced. */
export function freezeFleet(
  fleet: Fleet,
  { base, owner, reason }: RepairOptions & { readonly reason: string },
): Promise<{ readonly was: boolean }> {
  return askLeader(fleet, lockFreeze({ base, owner: owner.id, reason }));
}

/** Ends a freeze; `was` false: there was none. */
export function unfreezeFleet(
  fleet: Fleet,
  { base }: Pick<RepairOptions, "base">,
): Promise<{ readonly was: boolean }> {
  return askLeader(fleet, lockUnfreeze({ base }));
}

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
 * Does something to the data while holding the fleet lock: nobody deploys or migrates beside it. Throws what `lockAcquire`
 * throws (`locked`, `frozen`), and what `work` throws; `lost` says that somebody else took the lock meanwhile.
 */
export async function underLock<T>(
  fleet: Fleet,
  options: RepairOptions & Pick<RunOptions, "clock" | "events">,
  work: (lost: () => boolean) => Promise<T>,
): Promise<T> {
  const { base, owner } = options;
  const floor = await highestToken(fleet, base);
  const acquired = await askLeader(fleet, lockAcquire({ base, owner, lease, floor }));
  const lock = holdLock(fleet, options, { ...acquired, waited: false }, lease);
  try {
    return await work(lock.lost);
  } finally {
    await lock.end(false);
  }
}

/** The leader's transport, for streams that no plan knows. Throws why there is none. */
export function leaderOf(fleet: Fleet): Transport {
  const { transport, problem } = linkOf(fleet, fleet.leader);
  if (transport === undefined) throw new DeployErrors(problem === undefined ? [] : [problem]);
  return transport;
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

/** The highest token that the leader has given or any host has adopted. */
async function highestToken(fleet: Fleet, base: string): Promise<number> {
  const question = { base, sharedFiles: [], journal: 0 };
  const reached = othersOf(fleet).filter(({ problem }) => problem === undefined);
  const [leader, ...answers] = await Promise.all([
    askLeader(fleet, probe(question)),
    ...reached.map((link) => askSurely(link, probe(question))),
  ]);
  const adopted = answers.map((answer) => (answer.status === "ok" ? answer.value.adopted : 0));
  return Math.max(leader.adopted, leader.lock.token, ...adopted);
}

function othersOf(fleet: Fleet): readonly Link[] {
  return [...fleet.links.values()].filter(({ host }) => host.name !== fleet.leader);
}

/** A leader that could not be reached when the fleet was opened is not waited for. */
async function askLeader<T>(fleet: Fleet, command: RemoteCommand<T>): Promise<T> {
  const link = linkOf(fleet, fleet.leader);
  if (link.problem !== undefined) throw new DeployErrors([link.problem]);
  const answer = await askSurely(link, command);
  if (answer.status === "ok") return answer.value;
  throw new DeployErrors([answer.problem]);
}

function stillRuns({ id, pid, release, step }: JobStatus, host: string): Problem {
  const process = pid === undefined ? "its process not known" : `process ${pid}`;
  return {
    code: "job-running",
    message: `job ${id} (${step} of release ${release}, ${process}) still runs`,
    hint: "Wait until it ends: `deploy status` shows it. If it must not go on, end its process on that host first.",
    place: { host },
  };
}
