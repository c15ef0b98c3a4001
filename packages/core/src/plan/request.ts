import type { Artifact } from "./types.ts";

/** What somebody wants done; with Config and Facts it is all a plan is made from. */
export type PlanRequest = DeployRequest | RollbackRequest | ReconcileRequest;

/** Who asks, and what that one says about folders that somebody else deploys to. */
export interface Asker {
  /** LockOwner.id of the asking run: its own lock is no news. */
  readonly owner?: string;
  /** `org/shop`; "" or absent: not known. */
  readonly repository?: string;
  /** `shop/staging`: whose deploy-to is taken over. */
  readonly takeOver?: string | undefined;
  /** SHA-256 of the config file's text, hex; absent: there is no file. */
  readonly configDigest?: string | undefined;
  /** `user@name:port`, where hosts are reached through another. */
  readonly jumpHost?: string | undefined;
}

export interface DeployRequest extends Asker {
  readonly kind: "deploy";
  readonly now: Date;
  /** Full hash, or "" where unknown. */
  readonly commit: string;
  readonly artifact: Artifact;
  /** The id an earlier plan minted; absent: reuse an unfinished one of the same files, or mint. */
  readonly release?: string;
  /** What is live everywhere is deployed again, as a new release. */
  readonly force?: boolean;
}

export interface RollbackRequest extends Asker {
  readonly kind: "rollback";
  /** Release id; absent: the newest good one every host has, older than what is live. */
  readonly to?: string;
  readonly now?: Date;
}

/** Late, repaired or new hosts follow the fleet; the others are not touched. */
export interface ReconcileRequest extends Asker {
  readonly kind: "reconcile";
  readonly now: Date;
  /** Needed where a host does not hold the fleet's release: the artifact of that release, and no other. */
  readonly artifact?: Artifact;
}
