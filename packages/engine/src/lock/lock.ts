import { type LockOwner, type Problem, seenTokens, stepsOf } from "@deploy/core";
import { type Fence, lockAcquire, lockAdopt, lockRelease, lockRenew } from "@deploy/remote";
import { askSurely } from "../hosts/ask.ts";
import { type Fleet, linkOf } from "../hosts/fleet.ts";
import { factsOf } from "../hosts/planned.ts";
import type { Shown } from "../jobs/follow.ts";
import type { Ledger } from "../ledger.ts";
import type { Control, Work } from "../types.ts";
import { acquireInTime } from "./wait.ts";

/** The fleet lock while this run holds it: its lease is renewed until `end`. */
export interface Lock {
  readonly token: number;
  /** Somebody else had it first: what was planned before is old. */
  readonly waited: boolean;
  /** Names what the run is doing, for whoever waits. */
  enter(phase: string): Promise<void>;
  /** True once a renewal was refused: somebody else changes this fleet now. */
  lost(): boolean;
  /** What the refusal said. */
  readonly problem: Problem | undefined;
  /** `keep` leaves it to a later step of the same run; its lease ends by itself if none comes. */
  end(keep: boolean): Promise<void>;
}

/** Seconds. A kept lock must outlive the steps a workflow has in between. */
const lease = { running: 120, kept: 900 } as const;

const taking = { id: "lock", step: "lock" } as const;

/** Takes the lock on the leader, waiting as `control` says, or books why not and gives nothing. */
export async function takeLock(
  fleet: Fleet,
  work: Work,
  control: Control,
  { ledger, shown }: { readonly ledger: Ledger; readonly shown: Shown },
): Promise<Lock | undefined> {
  const { owner } = control;
  const seconds = control.lease ?? (control.keepLock === true ? lease.kept : lease.running);
  const base = work.plan.deployTo;
  const floor = highestToken(work);
  const acquire = (id?: string) =>
    lockAcquire({ base, owner, lease: seconds, floor, ...(id === undefined ? {} : { takeover: { id } }) });
  ledger.begin(taking, [fleet.leader]);
  const answer = await ledger.book(
    fleet.leader,
    taking,
    () => acquireInTime(fleet, work, control, shown, acquire),
    ({ token }) => `token ${token}`,
  );
  if (answer.status !== "ok") return undefined;
  await tellOthers(fleet, work, { base, token: answer.value.token, owner: owner.id });
  return holdLock(fleet, { ...control, base }, answer.value, seconds);
}

/**
 * Where the first command of this run reaches a host late (a rollback, a migration before it), an old holder that comes
 * back could still change it: the other hosts learn the new token at once. One that cannot is refused by its own step.
 */
async function tellOthers(fleet: Fleet, { plan, phases }: Work, fence: Fence): Promise<void> {
  if (plan.kind === "deploy" && phases[0] === "prepare") return;
  // A reconcile leaves the hosts alone that no step of it names.
  const named = new Set(
    stepsOf(plan)
      .flatMap(({ hosts }) => hosts)
      .filter((host) => host !== fleet.leader),
  );
  const others = [...fleet.links.values()].filter(
    ({ host, transport }) => named.has(host.name) && transport !== undefined,
  );
  await Promise.all(others.map((link) => askSurely(link, lockAdopt(fence))));
}

/** No host may have seen a higher token than the one we get: a leader that lost its state starts above them all. */
function highestToken({ facts, plan }: Work): number {
  return seenTokens(facts, plan.leader).highest;
}

/** For a step's end after the fact (an action's `post`): true when it was ours and is free now. */
export async function releaseLock(
  fleet: Fleet,
  lock: { readonly base: string; readonly owner: string; readonly token: number },
): Promise<boolean> {
  const answer = await askSurely(linkOf(fleet, fleet.leader), lockRelease(lock));
  return answer.status === "ok";
}

/** A run that was killed in its last moment left its lock: the same run, again, has nothing to do but free it. */
export async function dropOwnLock(fleet: Fleet, { facts, plan }: Work, owner: LockOwner): Promise<void> {
  const leader = factsOf(facts, fleet.leader);
  if (leader?.reached !== true || leader.lock.owner?.id !== owner.id) return;
  await releaseLock(fleet, { base: plan.deployTo, owner: owner.id, token: leader.lock.token });
}

/** Keeps a lock that was acquired: renews its lease until `end`. */
export function holdLock(
  fleet: Fleet,
  options: Pick<Control, "owner" | "clock" | "events"> & { readonly base: string },
  { token, waited }: Pick<Lock, "token" | "waited">,
  seconds: number,
): Lock {
  const link = linkOf(fleet, fleet.leader);
  const fence = { base: options.base, owner: options.owner.id, token };
  const ended = new AbortController();
  let problem: Problem | undefined;
  let phase = options.owner.phase;
  const heart = beat();
  return {
    token,
    waited,
    async enter(next) {
      phase = next;
      await renew();
    },
    lost: () => problem !== undefined,
    get problem() {
      return problem;
    },
    async end(keep) {
      ended.abort();
      await heart;
      if (keep || problem !== undefined) return;
      const answer = await askSurely(link, lockRelease(fence));
      if (answer.status !== "ok")
        note("the lock could not be released, its lease ends by itself", answer.problem);
    },
  };

  async function beat(): Promise<void> {
    while (problem === undefined) {
      await options.clock.sleep((seconds * 1000) / 3, ended.signal);
      if (ended.signal.aborted) return;
      await renew();
    }
  }

  async function renew(): Promise<void> {
    const answer = await askSurely(link, lockRenew({ fence, lease: seconds, phase }));
    if (answer.status !== "failed") return;
    // A full disk or a busy mutex takes the lock from nobody: the next renewal may do.
    if (answer.problem.code === "fenced") problem = answer.problem;
    note(problem !== undefined ? "lock lost" : "the lock could not be renewed", answer.problem);
  }

  function note(what: string, { message }: Problem): void {
    options.events({ kind: "note", host: fleet.leader, text: `${what}: ${message}` });
  }
}
