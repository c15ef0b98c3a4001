import type {
  ArtifactSource,
  Backup,
  Facts,
  LockOwner,
  Outcome,
  OutcomeStep,
  Parcel,
  Plan,
  StoreSettings,
} from "@deploy/core";
import type { Fence } from "@deploy/remote";
import type { Clock, Transport } from "@deploy/transport";

export type { ArtifactSource, Parcel };

/** upload and prepare commands · backup and migrate · switch, reload, health and finish. */
export type Phase = "prepare" | "data" | "activate";

export const allPhases: readonly Phase[] = ["prepare", "data", "activate"];

/** Where hosts fetch parcels from. */
export interface Shelf {
  /** Puts a parcel there unless it lies there. `url`: fetches it, for a quarter of an hour; a secret. */
  put(parcel: Parcel, signal: AbortSignal): Promise<{ readonly stored: boolean; url(): Promise<string> }>;
  /** Takes away what `put` put there. Never rejects; says what it could not. */
  clear(): Promise<string | undefined>;
}

export interface RsyncAsked {
  readonly transport: Transport;
  readonly fence: Fence;
  readonly release: string;
  /** A whole release on the host, whose files are reused. */
  readonly from: string | null;
  readonly unchanged: "copy" | "link";
  readonly signal: AbortSignal;
  /** Bytes sent so far. */
  readonly onBytes: (sent: number) => void;
}

/** Brings the packed tree into the host's staging folder, where `prepare` finds it (`source: "staged"`), or throws a DeployError. */
export type RsyncCarrier = (asked: RsyncAsked) => Promise<{ readonly sent: number; readonly saved: number }>;

export type EngineEvent =
  | { readonly kind: "step"; readonly step: OutcomeStep; readonly hosts: readonly string[] }
  | { readonly kind: "output"; readonly host: string; readonly step: OutcomeStep; readonly text: string }
  | { readonly kind: "outcome"; readonly outcome: Outcome }
  | { readonly kind: "note"; readonly host?: string; readonly text: string };

/** What a backup to a store is made of; the transport is the leader's. */
export interface BackupAsked {
  readonly backup: Backup;
  readonly transport: Transport;
  /** deploy-to, as configured. */
  readonly base: string;
  readonly app: string;
  readonly environment: string;
  /** The release that is about to change the database. */
  readonly release: string;
  /** What the leader serves now. */
  readonly live: string | null;
  readonly runUrl: string;
  readonly signal: AbortSignal;
  readonly onNote: (text: string) => void;
}

export interface BackedUpTo {
  /** Bound to the release, and named by a rollback. */
  readonly id: string;
  /** For the report: size, duration, proofs, what was removed. */
  readonly detail: string;
  /** The exact line that brings the data back. */
  readonly restore: string;
}

/** Makes, proves and keeps a backup, or throws a DeployError; packages/backup does it, wired where the store is known. */
export type BackupGate = (asked: BackupAsked) => Promise<BackedUpTo>;

export interface RunOptions {
  readonly plan: Plan;
  /** What the plan was made from: says which hosts hold the release already. */
  readonly facts: readonly Facts[];
  readonly phases: readonly Phase[];
  readonly owner: LockOwner;
  /** Needed where `phases` has prepare and the plan is a deploy. */
  readonly artifact?: ArtifactSource;
  readonly events: (event: EngineEvent) => void;
  /** Aborted when the user or GitHub cancels: no new work is started. */
  readonly signal: AbortSignal;
  readonly dryRun: boolean;
  /** Keep the lock for a later step of the same run (an action); false releases it at the end. */
  readonly keepLock: boolean;
  /** Ends up in releases/<id>.json and the journal: where this run can be read. */
  readonly runUrl: string;
  /** Milliseconds to wait for a lock that another run holds; 0 or absent: fail at once. */
  readonly lockWait?: number;
  /** Plans anew from fresh facts, for a run that had to wait; throws where that may not run. */
  readonly replan?: (facts: readonly Facts[]) => Plan;
  /** Whether the run of a lock's holder is known to be over (GitHub's API says so): its lock may then be taken. */
  readonly isOver?: (owner: LockOwner) => Promise<boolean>;
  /** A person's word on a migration of this release that failed, or was lost. */
  readonly migration?: { readonly retry?: boolean; readonly resolve?: "retry" | "done" };
  /** Seconds; 120 unless told (900 for a lock that is kept between steps). */
  readonly lease?: number;
  /** For plans whose backup goes to a store. */
  readonly backups?: BackupGate;
  /** For plans that deliver by `pull`. */
  readonly shelf?: (store: StoreSettings) => Promise<Shelf>;
  /** For plans that deliver by `rsync`. */
  readonly rsync?: RsyncCarrier;
  readonly clock: Clock;
}
