import type { Problem } from "@deploy/core";

/** What becomes of one object of the store, with every reason. */
export interface Verdict {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  readonly keep: boolean;
  readonly because: readonly string[];
}

/** What becomes of one release's record. */
export interface ReleaseVerdict {
  readonly release: string;
  /** Of the record. */
  readonly key: string;
  readonly keep: boolean;
  readonly because: readonly string[];
}

/** Only keys that our own records name are judged; what else lies in the store is nobody's business here. */
export interface PrunePlan {
  /** Oldest first. */
  readonly releases: readonly ReleaseVerdict[];
  readonly remove: readonly Verdict[];
  readonly keep: readonly Verdict[];
}

export interface PruneResult {
  readonly plan: PrunePlan;
  /** Objects removed, records not counted. */
  readonly removed: number;
  readonly bytesRemoved: number;
  /** Why the store refused: what is left is tried again by the next run. */
  readonly refused?: Problem;
}
