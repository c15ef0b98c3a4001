import type { Identity } from "@deploy/aws";
import type { BackUpOptions } from "@deploy/backup";
import { type Backup, type BackupOverrides, DeployError, parseBackup, type Secret } from "@deploy/core";
import type { Store } from "@deploy/store";
import { localConnector } from "@deploy/transport";
import { runner } from "./backupMaker.ts";
import { readConfigText } from "./config.ts";
import { openSession } from "./session.ts";
import { openConfigured } from "./store.ts";
import type { Session, SessionOptions } from "./types.ts";

export interface DatabaseOptions extends SessionOptions {
  /** What inputs or flags say of the backup; wins over the file. */
  readonly backupOverrides: BackupOverrides;
  /** Who we are to the store; the config knows the role. */
  readonly identity: Identity;
  /** Where the URL of this database is known from. */
  readonly url: (backup: Backup) => Secret | undefined;
  /** Named where no config and no input names one. */
  readonly fallbackApp: string;
}

/** A database, what reaches it, and where its backups lie. */
export interface Database
  extends Pick<
    BackUpOptions,
    | "backup"
    | "transport"
    | "base"
    | "directory"
    | "url"
    | "mask"
    | "store"
    | "app"
    | "environment"
    | "live"
    | "named"
  > {
  /** Does something to the data while nobody deploys. Throws `locked`, `frozen`, `restore-refused` where there is no fleet to lock. */
  underLock<T>(work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Reads what is to be backed up, then connects to the leader, or to nothing where the runner itself reaches the database. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { backup, store } = await openBackups(options);
  const { mask } = options;
  const url = options.url(backup);
  const known = {
    ...{ backup, store },
    ...(url === undefined ? {} : { url }),
    ...(mask === undefined ? {} : { mask }),
  };
  return backup.from === "runner" ? here(known, options) : onLeader(known, options);
}

/** Where the backups lie, for who only wants to see them. Throws `backup-unconfigured`. */
export async function openBackups(
  options: Pick<
    DatabaseOptions,
    "backupOverrides" | "identity" | "configFile" | "configRequired" | "root" | "folders" | "environment"
  >,
): Promise<{ readonly backup: Backup; readonly store: Store }> {
  const { configFile: file, environment } = options;
  const text = await readConfigText(options);
  const backup = parseBackup(text, { file, environment, overrides: options.backupOverrides });
  if (backup === undefined) {
    throw new DeployError("backup-unconfigured", "Nothing says what is to be backed up");
  }
  if (backup.store === undefined) {
    throw new DeployError("backup-unconfigured", "Nothing says where the backups go: `store` is missing");
  }
  return { backup, store: openConfigured(backup.store, options.identity, options).store };
}

type Known = Pick<Database, "backup" | "store" | "url" | "mask">;

async function onLeader(known: Known, options: DatabaseOptions): Promise<Database> {
  const session = await openSession(options);
  try {
    const { app, environment, deployTo: base } = session.config;
    const [live, named] = [liveOn(session), namedOn(session)];
    return {
      ...known,
      transport: session.leader(),
      base,
      app,
      environment,
      named,
      ...(live === undefined ? {} : { live }),
      underLock: (work) => session.underLock(work),
      close: () => closeAll(known.store, session),
    };
  } catch (error) {
    await closeAll(known.store, session);
    throw error;
  }
}

async function here(known: Known, options: DatabaseOptions): Promise<Database> {
  const root = options.root ?? process.cwd();
  const transport = await localConnector()(runner, options.signal);
  return {
    ...known,
    transport,
    base: root,
    directory: root,
    app: options.overrides.app ?? options.fallbackApp,
    environment: options.environment ?? "production",
    async underLock(work) {
      const session = await openSession(options);
      try {
        return await session.underLock(work);
      } finally {
        await session.close();
      }
    },
    close: () => closeAll(known.store, transport),
  };
}

function namedOn({ facts, config }: Session): readonly string[] {
  const leader = facts.find(({ host }) => host === config.leader);
  return leader?.reached === true ? leader.releases.flatMap(({ backup }) => backup?.id ?? []) : [];
}

function liveOn({ facts, config }: Session): string | undefined {
  const leader = facts.find(({ host }) => host === config.leader);
  return leader?.reached === true && leader.current.kind === "release" ? leader.current.release : undefined;
}

async function closeAll(store: Store, other: { close(): Promise<void> }): Promise<void> {
  store.close();
  await other.close();
}
