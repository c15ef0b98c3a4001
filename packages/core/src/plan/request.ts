import type { Artifact } from "./types.ts";

/** What somebody wants done; with Config and Facts it is all a plan is made from. */
export type PlanRequest = DeployRequest | RollbackRequest;

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
