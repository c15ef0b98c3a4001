import type { LockOwner } from "@deploy/core";
import type { Fence } from "../fence.ts";

export interface AcquireOptions {
  readonly base: string;
  readonly owner: LockOwner;
  /** Seconds. */
  readonly lease: number;
  /** The token will be above this: the highest one any host of the fleet has adopted. */
  readonly floor?: number;
  /** An owner whose run is known to be over: its lock is taken before the lease ends, and no other's. */
  readonly takeover?: { readonly id: string };
}

export interface Acquired {
  readonly token: number;
  /** How the host keeps processes apart: `mkdir` where it has no flock. */
  readonly mutex: "flock" | "mkdir";
}

export interface RenewOptions {
  readonly fence: Fence;
  /** Seconds from now. */
  readonly lease: number;
  readonly phase: string;
}

export interface ReleaseOptions {
  readonly base: string;
  /** The owner's id. */
  readonly owner: string;
  /** Undefined: whatever token that owner holds. */
  readonly token?: number;
  /** Whoever holds it; that one is fenced. */
  readonly force?: Force;
}

export interface Force {
  /** Of the unlocked lock, where it is mended. */
  readonly token: number;
  /** What is written there counts for nothing. */
  readonly mend: boolean;
}

export interface FreezeOptions {
  readonly base: string;
  /** Who asks for it. */
  readonly owner: string;
  readonly reason: string;
}

/** `released` false: there was no lock to release. */
export interface Released {
  readonly released: boolean;
}
