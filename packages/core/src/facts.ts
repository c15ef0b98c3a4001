import type { Problem } from "./errors.ts";

/** partial: being made; ready: complete, never live; active: live; good: was proved healthy; bad: failed or rolled back. */
export type ReleaseState = "partial" | "ready" | "active" | "good" | "bad";

/** The backup made before a release changed the database, kept on the leader beside the release's record. */
export type BoundBackup =
  /** In a store; `restore` is the exact line that brings it back. */
  | { readonly id: string; readonly restore: string }
  /** A file on the leader. */
  | { readonly id: string; readonly path: string };

export interface ReleaseFacts {
  readonly id: string;
  readonly state: ReleaseState;
  /** SHA-256 of the manifest; absent for a release another tool made. */
  readonly manifest?: string;
  readonly commit?: string;
  /** Of its files, seconds since 1970. */
  readonly time?: number;
  /** Its record cannot be read, or is another version's: nothing may be decided from it. */
  readonly unread?: true;
  /** What it weighs with all that its prepare commands made; absent where there were none. */
  readonly weight?: { readonly bytes: number; readonly inodes: number };
  /** What prepare commands made there: which command, of what it read, and the release in which it ran. Absent: none. */
  readonly made?: readonly { readonly key: string; readonly reads: string; readonly since: string }[];
  /** Hosts that were left out when it was made; absent: none. */
  readonly without?: readonly string[];
  /** Made before it changed the database; on the leader only. */
  readonly backup?: BoundBackup;
}

/** Whose a deploy-to is: who deployed to it last. */
export interface Tenant {
  readonly app: string;
  readonly environment: string;
  /** `org/shop`; "" where it was not known. */
  readonly repository: string;
}

/** What balancers say of a host: `draining` gets nothing new, `out` was taken out, `down` is not healthy; `mixed`: not the same thing. */
export type Standing = "in" | "draining" | "out" | "down" | "mixed";

/** What `current` is: `directory` and `foreign` (a link that leaves releases/) stop a deploy. */
export type Current =
  | { readonly kind: "none" }
  | { readonly kind: "release"; readonly release: string }
  | { readonly kind: "dangling"; readonly target: string }
  | { readonly kind: "directory" }
  | { readonly kind: "foreign"; readonly target: string };

/** Files in .deploy/lock. */
export type LockFile = "adopted" | "frozen" | "state";

export interface LockFacts {
  readonly token: number;
  /** Files that cannot be read: what they say is not known. Absent: none. */
  readonly damaged?: readonly LockFile[];
  /** Absent when free. */
  readonly owner?: LockOwner;
  /** Seconds until the lease ends, by the host's own clock; negative when over. */
  readonly expiresIn: number;
  /** Why nobody may take it until the freeze ends. */
  readonly frozen?: string;
  /** Whose freeze it is (an owner's id), and since when. */
  readonly freeze?: { readonly by: string; readonly since: string };
}

/** `lost`: it began and did not tell its end; `foreign`: another version of deploy wrote it. */
export type JobState = "new" | "running" | "done" | "lost" | "foreign";

/** A command that outlives connections: `done` has its exit code, 128 + n for a signal. */
export interface JobFacts {
  readonly id: string;
  readonly state: JobState;
  readonly code?: number;
  /** Empty where its record cannot be read. */
  readonly release: string;
  /** Absent: not told, a migration then. */
  readonly step?: string;
  /** Last lines of its output, oldest first, where they were asked for. */
  readonly tail?: readonly string[];
}

/** Who holds the fleet lock: each value is `[A-Za-z0-9._:/@+-]*`, so that a state file is one line of words. */
export interface LockOwner {
  readonly id: string;
  readonly repository: string;
  readonly run: string;
  readonly attempt: string;
  readonly actor: string;
  readonly commit: string;
  readonly phase: string;
}

/**
 * Programs by name; `cp-parents` is the ability `cp --parents`, the fast way to reuse unchanged files; `wget` is GNU's,
 * looked for where there is no curl.
 */
export type Tool =
  | "awk"
  | "cp-parents"
  | "curl"
  | "flock"
  | "git"
  | "gzip"
  | "od"
  | "openssl"
  | "rsync"
  | "setsid"
  | "sha256sum"
  | "shasum"
  | "sqlite3"
  | "stat"
  | "tar"
  | "wget"
  | "xargs"
  | "zstd";

/** A file of a server's that is not as the last run of ours left it. */
export interface ConfiguredFact {
  /** Where it stands, as configured: `~/…` is below the login's home. */
  readonly to: string;
  readonly state: "differs" | "gone" | "unread";
  /** How many lines differ. */
  readonly lines: number;
  /** Some of them, as diff shows them, without what may be a secret. */
  readonly shown: readonly string[];
}

export interface ReachedHost {
  readonly host: string;
  readonly reached: true;
  readonly user: string;
  readonly tools: Readonly<Partial<Record<Tool, boolean>>>;
  /** `3.2.7`, or "" where it could not be told; absent where it was not asked, or rsync is not there. */
  readonly rsyncVersion?: string;
  /** The same of git: `2.39.5`. */
  readonly gitVersion?: string;
  /** Bytes and inodes free where deploy-to is (or will be). */
  readonly freeBytes: number;
  readonly freeInodes: number;
  /** What runs that died left in `.deploy`: swept before a release is made. Absent: nothing. */
  readonly reclaim?: { readonly bytes: number; readonly inodes: number };
  readonly writable: boolean;
  /** Two hosts that say the same have one and the same folder at deploy-to. Absent: it cannot be told. */
  readonly folder?: string;
  /** Absent: nobody deployed there yet, or a version that did not say who. */
  readonly tenant?: Tenant;
  /** The host's clock, seconds since 1970. */
  readonly clock: number;
  /** Seconds that it is ahead of ours, and half of the time that asking took: nobody knows when in between it was read. Absent: not compared. */
  readonly skew?: { readonly ahead: number; readonly unsure: number };
  /** Folders of deploy-to on another file system than it; absent: none. */
  readonly apart?: readonly string[];
  readonly current: Current;
  /** Oldest first. */
  readonly releases: readonly ReleaseFacts[];
  /** Entries of releases/ that are not releases by name. Reported, left alone. */
  readonly strangers: readonly string[];
  /** Declared shared files that do not exist yet. */
  readonly missingShared: readonly string[];
  /** Declared shared folders that are empty or not there; absent: none, or not asked. */
  readonly emptyShared?: readonly string[];
  /** Highest lock token this host has adopted. */
  readonly adopted: number;
  readonly lock: LockFacts;
  /**
   * A run of ours took it out of the pool, and none returned it: who (an owner's id), and when. `why`: its lease ran out, and this is
   * why it did not return by itself.
   */
  readonly drained?: { readonly by: string; readonly since: string; readonly why?: string };
  /** Where its balancers had it when it was read; absent: it is behind none, or nobody can be asked before a run. */
  readonly standing?: Standing | "unread";
  /** shared/maintenance.html is there, which web servers show instead of the application. */
  readonly maintenance?: true;
  /** A run left this release live here, beside others elsewhere, until somebody decides: who (an owner's id), and when. */
  readonly held?: { readonly by: string; readonly since: string; readonly release: string };
  /** The oldest release that the data still fits, as this host was told while it was the leader. */
  readonly floor?: string;
  /** Absent: none. */
  readonly configured?: readonly ConfiguredFact[];
  /** Absent where there never was one. */
  readonly jobs?: readonly JobFacts[];
  /** Last lines of the journal, oldest first, as they stand. */
  readonly journal: readonly string[];
}

export interface LostHost {
  readonly host: string;
  readonly reached: false;
  readonly problem: Problem;
}

export type Facts = ReachedHost | LostHost;
