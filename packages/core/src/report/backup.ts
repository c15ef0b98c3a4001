import type { Facts, ReachedHost } from "../facts.ts";
import type { Outcome } from "../outcomes.ts";
import type { Plan } from "../plan/types.ts";
import { leftBackups, type ReleaseBackup } from "../releases/bound.ts";
import { releaseOn } from "../releases/live.ts";

interface Run {
  readonly plan: Plan;
  readonly outcomes: readonly Outcome[];
  readonly facts?: readonly Facts[];
}

/** The backup this run is about: the one it made, else what the leader knew before. A reconcile changes no data. */
export function findBackup({ plan, outcomes, facts = [] }: Run): ReleaseBackup | undefined {
  const { kind, release } = plan;
  const leader = facts.find((host): host is ReachedHost => host.reached && host.host === plan.leader);
  if (kind === "rollback") {
    const live = plan.hosts.flatMap(({ from }) => from ?? []);
    return leftBackups(leader, release, live)[0];
  }
  if (kind === "reconcile") return undefined;
  const made = outcomes.flatMap((outcome) => outcome.backup ?? []).at(-1);
  const backup = made ?? (leader === undefined ? undefined : releaseOn(leader, release)?.backup);
  return backup === undefined ? undefined : { release, backup };
}
