import type { Artifact, Encoding, Facts, LockOwner, Outcome, OutcomeStep, Phase, Plan } from "@deploy/core";
import type { Clock } from "@deploy/transport";

export const allPhases: readonly Phase[] = ["prepare", "data", "activate"];

/** The packed files of a release, ready to be streamed; packages/artifact makes it. */
export interface ArtifactSource {
  readonly artifact: Artifact;
  /** The new manifest's text. */
  readonly manifest: string;
  /** mtime of every file, seconds since 1970. */
  readonly mtime: number;
  /**
   * The tar for a host that has `base` (a manifest's text) already; null: everything. Made and compressed once for
   * each pair, by the first who asks. Rejects with `artifact-damaged`.
   */
  parcel(base: string | null, encoding: Encoding): Promise<Parcel>;
  /** The manifest alone, for a host to which something else brings the files; gzip. */
  roster(): Promise<Parcel>;
}

/** A stream for all hosts that need the same. */
export interface Parcel {
  readonly encoding: Encoding;
  /** As it is sent. */
  readonly bytes: number;
  /** Bytes of files that are not in it, since the host has them. */
  readonly saved: number;
  /** Hex SHA-256 of the bytes as they are sent. */
  readonly digest: string;
  /** May be read by many hosts at once. */
  read(): AsyncIterable<Uint8Array>;
}

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
