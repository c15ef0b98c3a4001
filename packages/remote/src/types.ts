import type {
  BackupSource,
  BoundBackup,
  Bridge,
  Current,
  Encoding,
  JobState,
  LockOwner,
  ReachedHost,
} from "@deploy/core";

/** Proof of who changes a host: refused (`fenced`) where a higher token was adopted before. */
export interface Fence {
  /** deploy-to, absolute. */
  readonly base: string;
  readonly token: number;
  readonly owner: string;
}

export interface ProbeQuestion {
  readonly base: string;
  readonly sharedFiles: readonly string[];
  /** Last lines of the journal to bring along. */
  readonly journal: number;
  /** True: the version of rsync is wanted, which starts one. */
  readonly rsync?: boolean;
}

export type ProbeAnswer = Omit<ReachedHost, "host" | "reached">;

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
  /** True: whoever holds it; that one is fenced. */
  readonly force?: boolean;
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

/** The payload is `tar` (gzip) of `manifest`, `keep` and `tree/…`: see docs/architecture.md, "The stream". */
export interface PrepareOptions {
  readonly fence: Fence;
  readonly release: string;
  readonly commit: string;
  /** Digest and counts from Artifact: checked after extraction, before anything is visible. */
  readonly manifest: string;
  readonly artifact: string;
  readonly files: number;
  /** The release whose unchanged files are copied; null: the stream holds everything. */
  readonly from: string | null;
  /** mtime of every file, seconds since 1970. */
  readonly mtime: number;
  readonly shared: { readonly directories: readonly string[]; readonly files: readonly string[] };
  /** Absent: nothing is taken over from earlier releases. */
  readonly bridge?: Bridge | undefined;
  /**
   * `link`: unchanged files are hard links to those of `from` and keep their times. A command that writes into one in
   * place then changes both releases, the live one too: only where the user asked for it. `copy` unless told.
   */
  readonly unchanged?: "copy" | "link" | undefined;
  /** Of the stream; gzip unless told. */
  readonly encoding?: Encoding | undefined;
  /**
   * `stream` (unless told): on stdin. `url`: stdin is a line with the address from which this host fetches it.
   * `staged`: `rsync` brought the files; the stream on stdin has the manifest only.
   */
  readonly source?: "stream" | "url" | "staged" | undefined;
  /** Of `url`: bytes that the unpacked stream has at most. */
  readonly limit?: number | undefined;
  /** True: nothing more is to be done before the switch, the state becomes `ready`. */
  readonly ready: boolean;
  readonly run: string;
}

/** `already`: the same release with the same manifest is there and whole. */
export interface Prepared {
  readonly status: "prepared" | "already";
  readonly state: "partial" | "ready";
  /** Files taken over from earlier releases, and those that were not because they are damaged or gone there. */
  readonly bridged?: { readonly files: number; readonly skipped: number };
}

export interface UserCommand {
  readonly fence: Fence;
  readonly release: string;
  /** `release`: the new folder; `current`: through the live link. */
  readonly directory: "release" | "current";
  readonly run: string;
  readonly envFile?: string;
  /** Step name for the journal: prepare, migrate, reload. */
  readonly step: string;
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
  /** Becomes `good`; the one before becomes `good` unless it is `bad`. */
  readonly release: string;
  /** Marked bad: the release a rollback leaves. */
  readonly bad: string | null;
  readonly removals: readonly string[];
  /** Seconds: what was live less than so long ago is kept, by the host's clock and journal. */
  readonly keepFor?: number | undefined;
}

export interface Finished {
  readonly removed: readonly string[];
  readonly kept: readonly { readonly release: string; readonly because: string }[];
}

export interface BackupOptions {
  readonly fence: Fence;
  readonly release: string;
  readonly source: BackupSource;
  readonly keep: number;
}

export interface BackedUp {
  readonly id: string;
  /** On the leader. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly removed: readonly string[];
}

/** `job`: the id, `[A-Za-z0-9._-]{1,120}`: one id, one run, whoever asks. */
export interface JobOptions extends UserCommand {
  readonly job: string;
}

/** Times are seconds by the host's clock; what is not known is absent. */
export interface JobStatus {
  readonly id: string;
  readonly state: JobState;
  /** 0 to 255, of a job that is done; 128 + n for a signal. */
  readonly code?: number;
  /** Its runner's, which leads the process group. */
  readonly pid?: number;
  /** Since it began, and since its last output. */
  readonly age?: number;
  readonly silent?: number;
  /** Since 1970. */
  readonly ended?: number;
  /** Whether the host still runs the boot that it began in. */
  readonly boot: "same" | "other" | "unknown";
  /** The host has no flock: that it lives is read from its process group, which a daemon may leave. */
  readonly weaker?: "no-flock";
  readonly release: string;
  readonly step: string;
  /** ended: by `jobEnd`; resolved: by `jobSettle` as done. `by`: who asked. */
  readonly note?: "ended" | "resolved";
  readonly by?: string;
  /** A file of its record cannot be read. */
  readonly damaged?: boolean;
}

/**
 * `started` false: it was there before, in this state. `token`: under which it was started; our own where the answer
 * to an earlier launch was lost on its way.
 */
export type JobLaunched = Pick<JobStatus, "state" | "code" | "pid" | "boot" | "weaker"> & {
  readonly started: boolean;
  readonly token?: number;
};

export interface FollowOptions {
  readonly base: string;
  readonly job: string;
  /** Bytes of output that are known already. */
  readonly offset: number;
  /** Seconds to wait for something new; the command's own timeout must be longer. */
  readonly wait: number;
}

/** `offset`: where to go on. `over`: the job does not run, and all its output was given. */
export type JobFollowed = JobStatus & {
  readonly bytes: Uint8Array;
  readonly offset: number;
  readonly over: boolean;
};

export interface EndOptions {
  readonly fence: Fence;
  readonly job: string;
  /** Seconds between TERM and KILL. */
  readonly grace: number;
}

export interface SettleOptions {
  readonly fence: Fence;
  readonly job: string;
  readonly as: "retry" | "done";
}

export interface JobList {
  readonly jobs: readonly (JobStatus & { readonly tail: readonly string[] })[];
  /** Runs that were put aside by a retry. */
  readonly archived: number;
}

export type { Current };
