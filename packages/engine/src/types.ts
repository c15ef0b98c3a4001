import type { Facts, LockOwner, Outcome, OutcomeStep, Phase, Plan } from "@deploy/core";
import type { Clock } from "@deploy/transport";

export const allPhases: readonly Phase[] = ["prepare", "data", "activate"];

export type EngineEvent =
  | { readonly kind: "step"; readonly step: OutcomeStep; readonly hosts: readonly string[] }
  | { readonly kind: "output"; readonly host: string; readonly step: OutcomeStep; readonly text: string }
  | { readonly kind: "outcome"; readonly outcome: Outcome }
  | { readonly kind: "note"; readonly host?: string; readonly text: string };

/** What is to be carried out. */
export interface Work {
  readonly plan: Plan;
  /** What the plan was made from: says which hosts hold the release already. */
  readonly facts: readonly Facts[];
  readonly phases: readonly Phase[];
}

/** Who carries it out, and how the run is watched, stopped and held against others. */
export interface Control {
  readonly owner: LockOwner;
  readonly events: (event: EngineEvent) => void;
  /** Aborted when the user or GitHub cancels: no new work is started. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly dryRun: boolean;
  /** Ends up in releases/<id>.json and the journal: where this run can be read. */
  readonly runUrl: string;
  /** Keep the lock for a later step of the same run (an action); otherwise it is released at the end. */
  readonly keepLock?: boolean;
  /** Milliseconds to wait for a lock that another run holds; 0 or absent: fail at once. */
  readonly lockWait?: number;
  /** Seconds; 120 unless told (900 for a lock that is kept between steps). */
  readonly lease?: number;
  /** Whether the run of a lock's holder is known to be over (GitHub's API says so): its lock may then be taken. */
  readonly isOver?: (owner: LockOwner) => Promise<boolean>;
  /** Plans anew from fresh facts, for a run that had to wait; throws where that may not run. */
  readonly replan?: (facts: readonly Facts[]) => Plan;
  /** A person's word on a migration of this release that failed, or was lost. */
  readonly migration?: { readonly retry?: boolean; readonly resolve?: "retry" | "done" };
}
