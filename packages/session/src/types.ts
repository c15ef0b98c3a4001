import type { Identity } from "@deploy/aws";
import type {
  ArtifactSource,
  Changes,
  Config,
  ConfigOverrides,
  Facts,
  Host,
  HostDrift,
  Milliseconds,
  Phase,
  Plan,
  PlanRequest,
  Rehearsed,
  Remark,
  Report,
  Secret,
} from "@deploy/core";
import type { GitHubSeen } from "@deploy/core/doctor";
import type { Approval } from "@deploy/core/records";
import type { Control, EngineEvent, GitAccess, HostJobs, Means, Unlocked } from "@deploy/engine";
import type { JobStatus } from "@deploy/remote";
import type { Folders } from "@deploy/store";
import type { Connect, Transport } from "@deploy/transport";
import type { VaultOf } from "./playbook.ts";
import type { Unpackable } from "./unpacked.ts";

/** What is needed to log in anywhere; the same inputs in every action and flags of the command line. */
export interface Connection {
  /** Text of a known_hosts file. Never empty for ssh and sftp: nothing is trusted by default. */
  readonly knownHosts: string;
  readonly privateKey?: Secret;
  readonly passphrase?: Secret;
  /** Of hosts that are reached by FTP. */
  readonly ftpPassword?: Secret;
  /** Path of an ssh-agent's socket. */
  readonly agent?: string;
  /** A public key's line: of the agent's keys only this one is offered. */
  readonly agentKey?: string;
  /** A host line: `user@name:port`. */
  readonly jumpHost?: string;
  /** By a host's name: where it is really reached, as ssh's own configuration at a desk has it. */
  readonly reached?: ReadonlyMap<string, Pick<Host, "address" | "port">>;
}

export interface ConfigOptions {
  /** The file's text, where it does not come from disk (the artifact of an approved plan brings its own). */
  readonly configText?: string | undefined;
  /** Path of the file, relative to `root`, `.github/deploy.yml` by default; named in errors. Missing is fine where the overrides suffice. */
  readonly configFile: string;
  /** True: the user named the file, so a missing one is an error. */
  readonly configRequired?: boolean;
  /** Folder `configFile` is relative to; the working directory unless told. */
  readonly root?: string;
  /** Where a store may be a folder. */
  readonly folders?: Folders["folders"];
  readonly environment?: string | undefined;
  /** Inputs or flags that win over the file, as typed. */
  readonly overrides: ConfigOverrides;
}

/** Which parts of a run's control a session is opened with; the rest is of each run. */
type Controlled = Pick<
  Control,
  "events" | "signal" | "dryRun" | "owner" | "runUrl" | "lockWait" | "lease" | "isOver" | "migration"
>;

/** `dryRun`: reads are real, every change is recorded (as a `note` event) and not made. `backups`: for those that go to a store. */
export interface SessionOptions extends ConfigOptions, Controlled, Pick<Means, "backups"> {
  readonly connection: Connection;
  /** What hosts fetch the commit with, where they get it by `git`; what they have themselves unless told. */
  readonly git?: GitAccess;
  /** The password of Ansible's vault, by the name of the variable that holds it; none unless told. */
  readonly vaultOf?: VaultOf;
  /** Replaces ssh: the in-process and local transports of tests, demo and `--local`. */
  readonly connect?: Connect;
  /** Who we are to the store from which hosts fetch, and to the target groups that they leave; the standard AWS chain unless told. */
  readonly identity?: Identity;
  /** Last lines of each host's journal that are read along; 20 unless told. */
  readonly journal?: number;
  /** Who approved the run, for its record; undefined: nobody can say. */
  readonly approvals?: () => Promise<readonly Approval[] | undefined>;
  /** Hides what becomes a secret on the way, such as addresses from which hosts fetch. */
  readonly mask?: (secrets: readonly string[]) => void;
}

export interface RunRequest {
  readonly plan: Plan;
  readonly phases: readonly Phase[];
  /** `directory`: where it lies packed. `unpack`: rsync and playbooks need it. `mtime`: its commit's, seconds since 1970; its record has it. */
  readonly artifact?: ArtifactSource & {
    readonly directory?: string;
    readonly unpack?: Unpackable["unpack"];
    readonly mtime?: number;
  };
  /** Keep the fleet lock for a later step of the same owner. */
  readonly keepLock?: boolean;
  /**
   * A person agreed to this very plan: where the fleet changed while the lock was waited for, nothing runs
   * (`plan-changed`). Otherwise it is planned again then, and held against what was approved.
   */
  readonly asShown?: boolean;
  /** Told of this run what the session's `events` are told. */
  readonly onEvent?: (event: EngineEvent) => void;
  /** Told the plan that was made after waiting for the lock. */
  readonly onReplan?: (plan: Plan) => void;
}

/** An open fleet: connected and probed once. */
export interface Session {
  readonly config: Config;
  readonly facts: readonly Facts[];
  /** Pure, from the facts above. `approved` (a plan or a digest) is compared: other digest -> DeployError `plan-changed`. */
  plan(request: PlanRequest, approved?: Plan | string): Plan;
  /**
   * How the files of a plan's release differ from those that the leader serves. `manifest`: the release's own; absent: the leader's of
   * it. Undefined where one of both cannot be told.
   */
  changes(plan: Plan, manifest?: string): Promise<Changes | undefined>;
  /** What the plan's playbook would change, by Ansible's check mode; undefined: there is none, or nobody is to look. Never rejects. */
  rehearse(plan: Plan, artifact?: Pick<Unpackable, "unpack">): Promise<Rehearsed | undefined>;
  /** Never rejects for what a host did; a plan with problems becomes a report that touched nothing. */
  run(request: RunRequest): Promise<Report>;
  /**
   * Gives the fleet lock back if this owner held it when the fleet was probed and no job was running; true when it
   * did.
   */
  releaseLock(): Promise<boolean>;
  readonly repair: Repair;
  /** What stands in the way of a deploy, or of what it ships; reads only. `github`: what it says of the repository, where somebody could ask. */
  examine(now: Date, github?: GitHubSeen): Promise<readonly Remark[]>;
  /** What was changed by hand since the last deploy, in live releases and servers' files; reads only, and never throws for what a host did. */
  drift(): Promise<readonly HostDrift[]>;
  /** For dumps and restores. Throws why the leader was not reached. */
  leader(): Transport;
  /** Does something to the data while nobody deploys. Throws `locked`, `frozen`, and what `work` throws. */
  underLock<T>(work: (lost: () => boolean) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** What became of an environment that was to go; `planned`: a dry run would have removed it. */
export type Removed = "removed" | "nothing" | "planned";

/** What people do at night, on the leader. Each throws DeployErrors for what a host refuses; a dry run changes nothing. */
export interface Repair {
  /** Frees the lock whoever holds it, who is fenced. Throws `job-running`. */
  unlock(): Promise<Unlocked>;
  freeze(reason: string): Promise<{ readonly was: boolean }>;
  unfreeze(): Promise<{ readonly was: boolean }>;
  /** Every host's jobs with the end of their output; never throws. */
  listJobs(): Promise<readonly HostJobs[]>;
  /** Throws `locked`, `job-running`, `job-missing`, `job-done`. */
  settleJob(job: string, as: "retry" | "done"): Promise<{ readonly changed: boolean }>;
  /** TERM, and KILL after `grace`. */
  endJob(job: string, grace: Milliseconds): Promise<JobStatus>;
  /** Throws `argument-refused` for an environment of its own, `deploy-to-taken`, `locked`, `step-failed`. */
  remove(): Promise<Removed>;
}
