import type { BoundBackup } from "@deploy/core";
import type { Fence } from "../fence.ts";

export interface MarkReadyOptions {
  readonly fence: Fence;
  readonly release: string;
}

export interface BindOptions {
  readonly fence: Fence;
  readonly release: string;
  /** The job that changes the database: once it began, what is bound stays. */
  readonly job: string;
  readonly backup: BoundBackup;
}

export interface ManifestQuestion {
  readonly base: string;
  readonly release: string;
}

export interface FlipOptions {
  readonly fence: Fence;
  /** What `current` must be now; null: nothing. */
  readonly expect: string | null;
  /** null removes the link again: the undo of a first deploy. */
  readonly to: string | null;
  /** `activate` or `revert`: written to the journal. */
  readonly step: "activate" | "revert" | "rollback";
}

export interface Flipped {
  readonly status: "switched" | "already";
}

/** `stood-down`: nothing was changed. */
export interface ArmedFlip {
  readonly status: "switched" | "already" | "stood-down";
}

export interface FinishOptions {
  readonly fence: Fence;
  /** Becomes `good`. */
  readonly release: string;
  /** Good on other hosts: becomes `good` here too where it was live, as does what was good here before. */
  readonly proved?: readonly string[];
  /** Marked bad: the release a rollback leaves. */
  readonly bad: string | null;
  readonly removals: readonly string[];
  /** Seconds: what was live less than so long ago is kept, by the host's clock and journal. */
  readonly keepFor?: number | undefined;
}

export interface Finished {
  readonly removed: readonly string[];
  /** What is not to go, and what should have gone but could not be deleted, of this run or an earlier one. */
  readonly kept: readonly Kept[];
  readonly stuck: readonly Kept[];
  /** Processes that live in another release; of those of other users only root sees any. */
  readonly stale: readonly Stale[];
  /** True: the login is not root. */
  readonly unseen: boolean;
}

export interface Stale {
  readonly release: string;
  readonly pid: string;
  readonly program: string;
}

export interface Kept {
  readonly release: string;
  readonly because: string;
}

export interface DriftQuestion {
  readonly base: string;
  /** Paths in the release that the application writes itself. */
  readonly writes: readonly string[];
}
