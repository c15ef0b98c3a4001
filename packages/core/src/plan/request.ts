import type { Artifact } from "./types.ts";

/** What somebody wants done; with Config and Facts it is all a plan is made from. */
export type PlanRequest = DeployRequest | RollbackRequest | ReconcileRequest;

export interface DeployRequest {
  readonly kind: "deploy";
  readonly now: Date;
  /** Full hash, or "" where unknown. */
  readonly commit: string;
  readonly artifact: Artifact;
  /** The id an earlier plan minted; absent: reuse an unfinished one of the same files, or mint. */
  readonly release?: string;
  /** LockOwner.id of the asking run: its own lock is no news. */
  readonly owner?: string;
}

export interface RollbackRequest {
  readonly kind: "rollback";
  /** Release id; absent: the newest good one every host has, older than what is live. */
  readonly to?: string;
  readonly now?: Date;
  readonly owner?: string;
}

/** Late, repaired or new hosts follow the fleet; the others are not touched. */
export interface ReconcileRequest {
  readonly kind: "reconcile";
  readonly now: Date;
  /** Needed where a host does not hold the fleet's release: the artifact of that release, and no other. */
  readonly artifact?: Artifact;
  readonly owner?: string;
}
