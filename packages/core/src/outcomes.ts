import type { Problem } from "./errors.ts";
import type { BoundBackup } from "./facts.ts";
import type { Method } from "./methods/methods.ts";
import type { StepName } from "./steps/kinds.ts";

export type Status = "ok" | "failed" | "unknown" | "skipped";

/** `connect`, `lock`: before the first step; `revert`: what live steps changed was taken back. */
export type OutcomeStep = StepName | "connect" | "lock" | "revert";

/** One step of a plan on one host: what happened, and the reason where it is not ok. */
export interface Outcome {
  readonly host: string;
  /** Of the plan's step; of what no plan has, its name. */
  readonly id: string;
  readonly step: OutcomeStep;
  readonly status: Status;
  /** What was done, or why not: `switched 20261121T…`, `earlier step failed`. */
  readonly detail: string;
  /** What a person has to look at though it stops nothing. */
  readonly warnings?: readonly string[];
  readonly problem?: Problem;
  readonly milliseconds: number;
  /** Of a revert: ids of the steps that are undone on this host where it is ok. */
  readonly undoes?: readonly string[];
  /** What the host is known by this to serve: nobody needs to ask it again. */
  readonly live?: string | null;
  /** Exit code of a user's command, where one was read. */
  readonly exitCode?: number;
  /** Of an upload: bytes that went to the host, and bytes of files that it had already. */
  readonly transfer?: { readonly method: Method; readonly sent: number; readonly saved: number };
  /** Of a backup step: what is bound to the release now. */
  readonly backup?: BoundBackup;
}

/**
 * `prepared`: the phases asked for are done and none of them switches; `planned`: a dry run went through; `held`: some hosts serve the
 * release and are well, the others are as before, until a person says.
 */
export type Result =
  | "deployed"
  | "prepared"
  | "planned"
  | "failed"
  | "reverted"
  | "held"
  | "attention"
  | "locked"
  | "cancelled";

/** What the CLI exits with. 2 (usage or config) never gets as far as a report. */
export const exitCodes: Readonly<Record<Result, number>> = {
  deployed: 0,
  prepared: 0,
  planned: 0,
  failed: 1,
  reverted: 3,
  attention: 4,
  locked: 5,
  held: 6,
  cancelled: 130,
};

/** What a host served when the run ended, read from the host; null: nothing, undefined: could not be read. */
export interface Live {
  readonly host: string;
  readonly release: string | null | undefined;
}
