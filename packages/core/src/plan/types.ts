import type { AssetsPublish, StoreSettings } from "../config/types.ts";
import type { Problem } from "../errors.ts";
import type { Method } from "../methods/methods.ts";
import type { StepCommand } from "../steps/command.ts";
import type { OnHosts, StageKind } from "../steps/kind.ts";
import type { Step } from "../steps/kinds.ts";

/** The packed files of a release. Digests are lower-case hex SHA-256. */
export interface Artifact {
  /** Of the uncompressed tar. */
  readonly digest: string;
  /** Of the manifest text: one identity for the tree, whatever carried it. */
  readonly manifest: string;
  /** Files and links, directories not counted. */
  readonly files: number;
  /** Sum of file sizes. */
  readonly bytes: number;
  /** Of what prepare commands read: path -> digest of all that the manifest has there. Absent: not told. */
  readonly reads?: Readonly<Record<string, string>>;
}

/** What a new release takes over from earlier ones: the files they named by their content. */
export interface Bridge {
  /** The assets' folder, relative to the release; `.` for all of it. */
  readonly folder: string;
  /** How many releases' files lie there, the new one's among them: at least 2. */
  readonly releases: number;
}

export type Encoding = "zstd" | "gzip" | "none";

/** How a release comes to the hosts of one upload step. */
export interface Delivery {
  readonly method: Method;
  readonly unchanged: "copy" | "link";
  /** Every file is hashed by the host; absent: not those that it verified before and nothing wrote to since. */
  readonly verify?: "whole";
  readonly compression: "auto" | Encoding;
  readonly atOnce: number;
  readonly store?: StoreSettings;
  /** Where hosts fetch the commit from, and how they know that server over ssh. */
  readonly repository?: string;
  readonly hostKeys?: readonly string[];
  /** Why this method, where the config leaves it open or a host cannot do what it asks for. */
  readonly because?: string;
}

/** A part of a plan, done on all of its hosts before the next part begins. */
export interface Stage {
  readonly kind: StageKind;
  /** Of a wave. */
  readonly name?: string;
  /**
   * `undo`: what this stage and those like it before changed is taken back, the last first; `hold`: what this one changed, and those before
   * it stay until a person says. Then, as with `stop`, nothing more is done.
   */
  readonly onFailure: "stop" | "undo" | "hold";
  readonly steps: readonly Step[];
}

/** Which releases a host drops after success, and why: a deletion must be explainable. */
export interface Removal {
  readonly release: string;
  readonly because: string;
}

export interface PlannedHost {
  readonly host: string;
  readonly address: string;
  readonly port: number;
  /** Who logs in there. */
  readonly username: string;
  readonly roles: readonly string[];
  /** The release it serves now; null when nothing is live. The switch compares against it. */
  readonly from: string | null;
  readonly to: string;
  /** Where it goes back to, where nobody proved what it serves; absent: to `from`. */
  readonly back?: string;
  /** A run of ours took it out of the pool, and none returned it. */
  readonly drained?: true;
  /** The host could not be read: `from` is not known. A reconcile goes on without it, and no step names it. */
  readonly reached?: false;
  readonly removals: readonly Removal[];
}

/** A prepare command that a host need not run: an earlier release there has what it makes, of the same. */
export interface Reuse {
  readonly host: string;
  readonly run: string;
  /** The release in which it ran. */
  readonly since: string;
}

/** A warning that is over once the run holds the lock, or once all hosts serve its release. */
export interface PassingWarning {
  readonly text: string;
  readonly until: "locked" | "deployed";
}

/** Plain JSON without secrets. What runs is this, or nothing. */
export interface Plan {
  readonly schema: 3;
  readonly kind: "deploy" | "rollback" | "reconcile";
  readonly app: string;
  readonly environment: string;
  /** SHA-256 of the config file's text, hex: another file is another plan. Absent: inputs alone say everything. */
  readonly configDigest?: string;
  readonly url?: string;
  readonly deployTo: string;
  /** Who had it before, `shop/staging`, where it is taken over. */
  readonly takeOver?: string;
  /** How many hosts may be away at once, where they switch in waves. */
  readonly maxUnavailable?: number;
  readonly shared: { readonly directories: readonly string[]; readonly files: readonly string[] };
  readonly release: string;
  /** Full commit hash, or "" where unknown. */
  readonly commit: string;
  /** The fleet serves this commit and these files already, and somebody asked for a new release of them. */
  readonly forced?: true;
  readonly artifact?: Artifact;
  readonly leader: string;
  /** `user@name:port`: hosts are reached through it. */
  readonly jumpHost?: string;
  /** Where `build-assets` publishes, and what it removes there. */
  readonly publish?: AssetsPublish;
  readonly hosts: readonly PlannedHost[];
  /** Hosts of the environment that were left out by name: not asked, and in nothing below. Absent: none. */
  readonly without?: readonly string[];
  /** Run on a host that fails after the switch, before it goes back; they decide nothing. Absent: none. */
  readonly diagnose?: readonly (StepCommand & OnHosts)[];
  /** In order; none is empty. */
  readonly stages: readonly Stage[];
  /** Stop the run before anything is touched. */
  readonly problems: readonly Problem[];
  /** Worth reading before approving; they stop nothing. */
  readonly warnings: readonly string[];
  /** Those of the warnings that a run of this plan can make untrue. Absent: none. */
  readonly passing?: readonly PassingWarning[];
  /** What is known of it before the run; a host that finds its tools changed runs the command all the same. Absent: none. */
  readonly reuses?: readonly Reuse[];
  /** False: the fleet serves this already, and nothing will run. */
  readonly changed: boolean;
  /** One line for a job's name. */
  readonly headline: string;
  /** SHA-256 over everything above except warnings, passing and reuses: equal digests do the same things. */
  readonly digest: string;
}
