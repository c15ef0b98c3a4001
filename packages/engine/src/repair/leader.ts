import { DeployErrors, type Facts, type LockOwner, seenTokens } from "@deploy/core";
import { lockAcquire, type RemoteCommand } from "@deploy/remote";
import type { Transport } from "@deploy/transport";
import { askSurely } from "../hosts/ask.ts";
import { type Fleet, type Link, linkOf } from "../hosts/fleet.ts";
import { probeFleet } from "../hosts/probe.ts";
import { holdLock } from "../lock/lock.ts";
import { busyOther } from "../lock/others.ts";
import type { Control } from "../types.ts";

/** Who repairs what; `base` is deploy-to. Every function here throws DeployErrors for what the host refuses. */
export interface RepairOptions {
  readonly base: string;
  readonly owner: LockOwner;
}

/** Seconds of the lock that a repair takes for itself. */
export const lease = 120;

/**
 * Does something to the data while holding the fleet lock: nobody deploys or migrates beside it. Throws what `lockAcquire`
 * throws (`locked`, `frozen`), and what `work` throws; `lost` says that somebody else took the lock meanwhile.
 */
export async function underLock<T>(
  fleet: Fleet,
  options: RepairOptions & Pick<Control, "clock" | "events">,
  work: (lost: () => boolean) => Promise<T>,
): Promise<T> {
  const { base, owner } = options;
  const floor = await freeToken(fleet, base, owner.id);
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

/** The highest token that the leader has given or any host has adopted, without what none can have been given. */
export async function highestToken(fleet: Fleet, base: string): Promise<number> {
  return seenTokens(await readAll(fleet, base), fleet.leader).highest;
}

/** A token above every one that a run may have, and the hosts whose record of tokens is damaged. */
export async function nextToken(fleet: Fleet, base: string) {
  const facts = await readAll(fleet, base);
  const { highest, damaged } = seenTokens(facts, fleet.leader);
  const leader = facts.find(({ host }) => host === fleet.leader);
  // Of what the leader gave nothing may be known any more: no fleet has locked this often, and none calls it absurd.
  const sure =
    leader?.reached === true && damaged.includes(fleet.leader) ? Math.floor(leader.clock / 100) : 0;
  return { token: Math.max(highest + 1, sure), damaged };
}

/**
 * The same, or throws `locked` or `job-running` where another run is at work on a host that was its leader, and
 * `lock-corrupt` where a host claims what no run can have been given.
 */
export async function freeToken(fleet: Fleet, base: string, own: string): Promise<number> {
  const facts = await readAll(fleet, base);
  const busy = busyOther(facts, fleet.leader, own);
  if (busy !== undefined) throw new DeployErrors([busy]);
  const { highest, problems } = seenTokens(facts, fleet.leader);
  if (problems.length > 0) throw new DeployErrors(problems);
  return highest;
}

/** Throws why the leader could not be read. */
async function readAll(fleet: Fleet, base: string): Promise<readonly Facts[]> {
  const facts = await probeFleet(fleet, { base, sharedFiles: [], journal: 0 });
  const leader = facts.find(({ host }) => host === fleet.leader);
  if (leader?.reached === false) throw new DeployErrors([leader.problem]);
  return facts;
}

export function othersOf(fleet: Fleet): readonly Link[] {
  return [...fleet.links.values()].filter(({ host }) => host.name !== fleet.leader);
}

/** A leader that could not be reached when the fleet was opened is not waited for. */
export async function askLeader<T>(fleet: Fleet, command: RemoteCommand<T>): Promise<T> {
  const link = linkOf(fleet, fleet.leader);
  if (link.problem !== undefined) throw new DeployErrors([link.problem]);
  const answer = await askSurely(link, command);
  if (answer.status === "ok") return answer.value;
  throw new DeployErrors([answer.problem]);
}
