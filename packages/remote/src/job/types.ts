import type { JobState } from "@deploy/core";
import type { Fence } from "../fence.ts";

export interface UserCommand {
  readonly fence: Fence;
  readonly release: string;
  /** `release`: the new folder; `current`: through the live link. */
  readonly directory: "release" | "current";
  readonly run: string;
  readonly envFile?: string;
  /** Milliseconds, rounded up to seconds; only where it is waited for, not for a job. */
  readonly timeout?: number;
  /**
   * The end of stdin, and of the connection, ends it with all that it started: TERM, and KILL after three seconds. It must be given
   * an `input` then; only where it is waited for.
   */
  readonly tied?: boolean;
  /** Only in the new release's folder. */
  readonly required?: RequiredFiles;
  /** Step name for the journal: prepare, migrate, reload. */
  readonly step: string;
}

/** What a command reads and makes, so that it need not run where an earlier release on the host has that. */
export interface RequiredFiles {
  /** Hex SHA-256: of the command itself, and of what it reads, as whoever asks knows them. */
  readonly key: string;
  readonly digest: string;
  readonly reads: readonly string[];
  /** Commands that tell versions. */
  readonly tools: readonly string[];
  readonly makes: readonly string[];
  readonly unchanged: "copy" | "link";
}

/** What became of it, where that is told. */
export interface Carried {
  /** It was not run: what it makes is that of `from`, made in `since` in so many seconds. */
  readonly reused?: { readonly from: string; readonly since: string; readonly seconds: number };
  /** A file that names the folder it lies in: what was made cannot be carried over. */
  readonly bound?: string;
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
