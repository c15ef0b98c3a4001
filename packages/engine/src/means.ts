import {
  type ArtifactSource,
  type Backup,
  type Host,
  kindOf,
  type MeansName,
  makeProblem,
  type Parcel,
  type Playbook,
  type PoolOf,
  type Problem,
  type Secret,
  type StoreSettings,
  stepsOf,
} from "@deploy/core";
import type { Fence } from "@deploy/remote";
import type { Played, Transport } from "@deploy/transport";
import type { Work } from "./types.ts";

interface MeansOf {
  /** The release to send. */
  readonly artifact: ArtifactSource;
  /** Makes the backups that go to a store. */
  readonly backups: BackupMaker;
  /** Opens what hosts fetch from, where a plan delivers by `pull`. */
  readonly shelf: (store: StoreSettings) => Promise<Shelf>;
  /** Carries trees, where a plan delivers by `rsync`. */
  readonly rsync: RsyncCarrier;
  /** What hosts fetch from a git server with, where a plan delivers by `git`; empty: with what they have. */
  readonly git: GitAccess;
  /** Runs a playbook of the release. */
  readonly playbook: PlaybookRunner;
  /** Speaks to balancers, where hosts leave a pool by their sockets. */
  readonly balancers: Balancers;
  /** Speaks to AWS's load balancers, where hosts leave their target groups. */
  readonly targetGroups: (pool: PoolOf<"target-group">) => TargetGroups;
}

/** What a run is given beside its plan, by whoever knows files, stores and programs. */
export type Means = { readonly [Name in MeansName]?: MeansOf[Name] };

/** What the steps of these phases need and the run was not given: told before anything is touched. */
export function lackingMeans({ plan, phases }: Work, means: Means): readonly Problem[] {
  const steps = stepsOf(plan, phases);
  const needed = new Set(steps.flatMap((step) => kindOf(step).needs?.(step) ?? []));
  return [...needed]
    .filter((name) => means[name] === undefined)
    .map((name) =>
      makeProblem("means-missing", `The plan ${uses[name]}, and this run was given no means for it`),
    );
}

const uses: Readonly<Record<MeansName, string>> = {
  artifact: "uploads a release",
  backups: "backs up to a store",
  shelf: "uploads by pull",
  rsync: "uploads by rsync",
  git: "uploads by git",
  playbook: "runs a playbook",
  balancers: "tells balancers who leaves",
  targetGroups: "tells AWS who leaves",
};

export interface Balancers {
  /** One line to a socket there, and all it answers. Rejects with a DeployError. */
  say(balancer: Host, socket: string, line: string): Promise<string>;
}

/** A target group as it was found by its name or ARN; `port` is that of targets that say none. */
export interface TargetGroup {
  readonly name: string;
  readonly arn: string;
  readonly port: number;
}

export interface Target {
  readonly id: string;
  readonly port: number;
}

/** All may be repeated, and reject with a DeployError. */
export interface TargetGroups {
  find(groups: readonly string[]): Promise<readonly TargetGroup[]>;
  /** The deregistration delay in milliseconds. */
  delay(group: TargetGroup): Promise<number>;
  health(group: TargetGroup, target: Target): Promise<{ readonly state: string; readonly reason: string }>;
  register(group: TargetGroup, target: Target): Promise<void>;
  deregister(group: TargetGroup, target: Target): Promise<void>;
}

/** Given to each host on stdin, and kept there by no file. */
export interface GitAccess {
  /** A private key, for repositories over ssh. */
  readonly key?: Secret;
  /** For repositories over https. */
  readonly token?: Secret;
}

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

/** Brings the packed tree into the host's staging folder, where the release is made of it (`source: "staged"`), or throws a DeployError. */
export type RsyncCarrier = (asked: RsyncAsked) => Promise<{ readonly sent: number; readonly saved: number }>;

export interface PlaybookAsked {
  readonly playbook: Omit<Playbook, "roles">;
  readonly hosts: readonly Pick<Host, "name" | "roles">[];
  /** Undefined: not connected. */
  readonly transportOf: (host: string) => Transport | undefined;
  /** Variables of every host. */
  readonly facts: Readonly<Record<string, string>>;
  /** Nothing is changed. */
  readonly check: boolean;
  readonly signal: AbortSignal;
  /** Whole lines. */
  readonly onLine: (line: string) => void;
}

/** Runs it with the runner's Ansible over these transports, or throws a DeployError. */
export type PlaybookRunner = (asked: PlaybookAsked) => Promise<Played>;

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
  /** Ids of backups that releases on the leader name: they are not removed. */
  readonly named: readonly string[];
  /** Made before the migration of this release began, which is tried again: where it still stands, nothing new is made. */
  readonly earlier?: string;
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
export type BackupMaker = (asked: BackupAsked) => Promise<BackedUpTo>;
