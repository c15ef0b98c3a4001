import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { packArtifact } from "@deploy/artifact";
import type {
  ArtifactSource,
  Backup,
  Config,
  Host,
  LockOwner,
  Phase,
  Plan,
  PlanRequest,
  Report,
} from "@deploy/core";
import { plan as makePlan } from "@deploy/core";
import {
  type BackupMaker,
  type EngineEvent,
  type Means,
  openFleet,
  probeFleet,
  type RsyncCarrier,
  runPlan,
} from "@deploy/engine";
import type { RemoteCommand } from "@deploy/remote";
import { hostTree, type Snapshot, takeSnapshot, writeSnapshot } from "@deploy/testkit";
import {
  type Clock,
  type Connect,
  localConnector,
  recordingTransport,
  systemClock,
  type Transport,
} from "@deploy/transport";

/** What a test does to one host's transport. */
export type Fault = (transport: Transport) => Transport;

/** Three hosts on this machine, each with its own home: the real scripts under the real sh. */
export interface World {
  readonly hosts: readonly string[];
  readonly events: EngineEvent[];
  config: Config;
  /** `release@host` that answers 503. */
  readonly broken: Set<string>;
  readonly faults: Map<string, Fault>;
  write(files: Readonly<Record<string, string>>): void;
  remove(path: string): void;
  home(host: string): string;
  live(host: string): string | null;
  deploy(options?: Partial<Run>): Promise<Report>;
  /** What `deploy()` leaves on hosts to which nothing was deployed: by the engine once for each config and app, then copied. */
  deployed(): Promise<Report>;
  rollback(to?: string, options?: Partial<Run>): Promise<Report>;
  reconcile(options?: Partial<Run>): Promise<Report>;
  dispose(): void;
}

export interface Run {
  readonly commit: string;
  readonly phases: readonly Phase[];
  readonly owner: LockOwner;
  readonly signal: AbortSignal;
  readonly now: Date;
  readonly release: string;
  /** Sees the plan between planning and running. */
  readonly before: (plan: Plan) => void;
  /** Takes the plan's place. */
  readonly change: (plan: Plan) => Plan;
  /** Takes the artifact's place, in part. */
  readonly damage: Partial<ArtifactSource>;
  readonly takeOver: string;
  readonly keepLock: boolean;
  readonly lockWait: number;
  readonly isOver: (owner: LockOwner) => Promise<boolean>;
  readonly backups: BackupMaker;
  /** Every transport rehearses. */
  readonly dryRun: boolean;
  readonly lease: number;
  readonly shelf: NonNullable<Means["shelf"]>;
  readonly rsync: RsyncCarrier;
  readonly git: NonNullable<Means["git"]>;
  readonly targetGroups: NonNullable<Means["targetGroups"]>;
  readonly clock: Clock;
  readonly migration: { readonly retry?: boolean; readonly resolve?: "retry" | "done" };
}

const names = ["web1", "web2", "web3"] as const;

export function makeWorld(overrides: Partial<Config> = {}): World {
  const root = mkdtempSync(join(tmpdir(), "deploy-engine-"));
  const hosts = names.map((name): Host => ({ name, address: name, port: 22, username: "deploy", roles: [] }));
  for (const name of [...names, "app"]) mkdirSync(join(root, name));
  let minute = 1;
  const world: World = {
    hosts: names,
    events: [],
    broken: new Set(),
    faults: new Map(),
    config: { ...baseConfig(hosts), ...overrides },
    write: (files) => {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(root, "app", path)), { recursive: true });
        writeFileSync(join(root, "app", path), text);
      }
    },
    remove: (path) => rmSync(join(root, "app", path), { recursive: true, force: true }),
    home: (host) => join(root, host),
    live: (host) => liveOf(join(root, host)),
    deploy: async (run = {}) => {
      const { commit = "4f2a91c0000000000000000000000000000000aa" } = run;
      const packed = await packArtifact({
        root: join(root, "app"),
        exclude: [],
        allowCredentials: [],
        shared: [...world.config.shared.directories, ...world.config.shared.files],
        time: 1_700_000_000,
        directory: mkdtempSync(join(root, "packed-")),
        commit,
        reads: world.config.prepare.flatMap(({ reads = [] }) => reads),
      });
      const now = run.now ?? new Date(Date.UTC(2026, 10, 21, 8, minute++));
      const request = { kind: "deploy", now, commit, artifact: packed.artifact } as const;
      return go(
        world,
        run,
        run.release === undefined ? request : { ...request, release: run.release },
        packed,
      );
    },
    deployed: () => firstDeploy(world, root),
    rollback: (to, run = {}) =>
      go(world, run, to === undefined ? { kind: "rollback" } : { kind: "rollback", to }),
    reconcile: (run = {}) => go(world, run, { kind: "reconcile", now: new Date() }),
    dispose: () => rmSync(root, { recursive: true, force: true }),
  };
  world.write({ "index.html": "one" });
  return world;
}

/** Of each config and app: what its first deploy left in the homes, and told. */
const firsts = new Map<string, { readonly homes: readonly Snapshot[]; readonly report: Report }>();

async function firstDeploy(world: World, root: string): Promise<Report> {
  const homes = names.map((name) => join(root, name));
  const wanted = JSON.stringify([world.config, hostTree(join(root, "app"))]);
  const known = firsts.get(wanted);
  if (known !== undefined) {
    for (const [index, home] of homes.entries()) writeSnapshot(home, known.homes[index] ?? []);
    return known.report;
  }
  const report = await world.deploy({ now: new Date(Date.UTC(2026, 10, 21, 8)) });
  firsts.set(wanted, { homes: homes.map((home) => takeSnapshot(home)), report });
  world.events.length = 0;
  return report;
}

function baseConfig(hosts: readonly Host[]): Config {
  return {
    app: "shop",
    environment: "production",
    source: ".",
    exclude: [],
    allowCredentials: [],
    build: [],
    deployTo: "~/shop",
    shared: { directories: ["uploads"], files: [] },
    keepReleases: 5,
    leader: "web1",
    hosts,
    prepare: [],
    activate: {
      strategy: "all",
      reload: [],
      health: {
        url: "http://127.0.0.1:8080/up",
        status: 200,
        expectRelease: true,
        within: 800,
        timeout: 5_000,
        interval: 20,
        passes: 1,
        roles: [],
      },
    },
  };
}

export function owner(run: string): LockOwner {
  return {
    id: `org/shop/${run}`,
    repository: "org/shop",
    run,
    attempt: "1",
    actor: "ann",
    commit: "-",
    phase: "deploy",
  };
}

async function go(
  world: World,
  run: Partial<Run>,
  wanted: PlanRequest,
  artifact?: Awaited<ReturnType<typeof packArtifact>>,
): Promise<Report> {
  const { repository } = run.owner ?? owner("1");
  const request = { ...wanted, repository, takeOver: run.takeOver };
  const signal = run.signal ?? new AbortController().signal;
  const events = (event: EngineEvent): void => void world.events.push(event);
  const { hosts, leader } = world.config;
  const fleet = await openFleet({
    hosts,
    leader,
    connect: connectTo(world, run.dryRun),
    events,
    signal,
    clock: systemClock,
    patience: [0],
  });
  try {
    const base = world.config.deployTo;
    const facts = await probeFleet(fleet, { base, sharedFiles: world.config.shared.files, journal: 5 });
    const made = makePlan(world.config, facts, request);
    const plan = run.change?.(made) ?? made;
    run.before?.(plan);
    const { phases = ["prepare", "data", "activate"], backups, lease, isOver, migration } = run;
    const { shelf, rsync, git, targetGroups } = run;
    return await runPlan(
      fleet,
      { plan, facts, phases },
      {
        replan: (fresh) => makePlan(world.config, fresh, request),
        owner: run.owner ?? owner("1"),
        events,
        signal,
        dryRun: run.dryRun ?? false,
        keepLock: run.keepLock ?? false,
        lockWait: run.lockWait ?? 0,
        ...(lease === undefined ? {} : { lease }),
        ...(isOver === undefined ? {} : { isOver }),
        ...(migration === undefined ? {} : { migration }),
        runUrl: "https://example.com/runs/1",
        clock: run.clock ?? systemClock,
      },
      {
        ...(artifact === undefined ? {} : { artifact: { ...artifact, ...run.damage } }),
        ...(backups === undefined ? {} : { backups }),
        ...(shelf === undefined ? {} : { shelf }),
        ...(targetGroups === undefined ? {} : { targetGroups }),
        ...(rsync === undefined ? {} : { rsync }),
        ...(git === undefined ? {} : { git }),
      },
    );
  } finally {
    await fleet.close();
  }
}

function connectTo(world: World, dryRun = false): Connect {
  return async (host, signal) => {
    const inner = await localConnector({ home: world.home(host.name) })(host, signal);
    const app: Transport = {
      host,
      exec: (command, options) => inner.exec(command, options),
      close: () => inner.close(),
      // Stands for the application: it serves what `current` leads to.
      http: async () => {
        const release = world.live(host.name) ?? "none";
        const status =
          world.broken.has(`${release}@${host.name}`) || world.broken.has(`*@${host.name}`) ? 503 : 200;
        return { status, headers: { "x-release": release }, body: "" };
      },
    };
    const faulty = world.faults.get(host.name)?.(app) ?? app;
    return dryRun ? recordingTransport(faulty, () => undefined) : faulty;
  };
}

function liveOf(home: string): string | null {
  const link = join(home, "shop/current");
  return existsSync(link) ? basename(readlinkSync(link)) : null;
}

const keeping = {
  encryptTo: [],
  from: "leader",
  proof: "read",
  compression: "auto",
  minimum: 64,
  keep: 3,
} as const;

/** On the leader's own disk. */
export function backupBy(run: string, verify: string): Backup {
  return { database: "command", run, verify, ...keeping };
}

export const storedBackup: Backup = {
  database: "postgres",
  urlSecret: "DATABASE_URL",
  store: { to: "s3://shop-backups/production", checksums: "crc32" },
  ...keeping,
};

export function migration(run: string): NonNullable<Config["migrate"]> {
  return { run, onCancel: "keep", grace: 2_000, silence: 300_000 };
}

/** Loses the answer of the first command of this name: `before` it ran, or `after`. */
export function loseAnswer(name: string, when: "before" | "after"): Fault {
  let lost = false;
  return (inner) => ({
    ...inner,
    host: inner.host,
    http: (probe, signal) => inner.http(probe, signal),
    close: () => inner.close(),
    exec: async (command: RemoteCommand<unknown>, options) => {
      if (lost || !command.name.startsWith(name)) return inner.exec(command, options);
      lost = true;
      if (when === "after") await inner.exec(command, options);
      return { status: "unknown", reason: "connection reset", stdout: "", stderr: "", dropped: 0 };
    },
  });
}

export function read(world: World, host: string, path: string): string {
  return readFileSync(join(world.home(host), "shop", path), "utf8");
}

/** Loses the connection for good in the first command whose name begins so: only a new one goes on. */
export function cutOnce(name: string): Fault {
  let cut = false;
  return (inner) => {
    let dead = false;
    return {
      host: inner.host,
      http: (probe, signal) => inner.http(probe, signal),
      close: () => inner.close(),
      exec: async (command, options) => {
        if (!cut && command.name.startsWith(name)) [cut, dead] = [true, true];
        if (!dead) return inner.exec(command, options);
        return { status: "unknown", reason: "connection reset", stdout: "", stderr: "", dropped: 0 };
      },
    };
  };
}
