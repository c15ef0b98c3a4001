import { randomUUID } from "node:crypto";
import { hostname, userInfo } from "node:os";
import { relative } from "node:path";
import { type Config, type Milliseconds, planSections, type Secret } from "@deploy/core";
import {
  backupMaker,
  type ConfigOptions,
  type Connection,
  loadConfig,
  openSession,
  type Session,
} from "@deploy/session";
import { gitAccess, pathOf, readCredentials } from "./credentials.ts";
import { reading } from "./failure.ts";
import { foldersFor, type Io, signalOf, urlFrom, variable } from "./io.ts";
import { flagsOf, type LoginOptions, type MigrationOptions } from "./options.ts";
import { isDeadHere, laptopOwner, lives, processMark, type Who } from "./owner.ts";
import { openProgress } from "./progress.ts";
import type { Screen } from "./screen.ts";

/** What is known before any server was asked. */
export interface FleetSettings {
  readonly config: Config;
  readonly configOptions: ConfigOptions;
  readonly connection: Connection;
}

/** Config and credentials; every mistake in them is the caller's (exit code 2). */
export function readSettings(options: LoginOptions, io: Io): Promise<FleetSettings> {
  return reading(async () => {
    const configOptions = {
      configFile: relative(io.cwd, pathOf(options.config, io)),
      configRequired: true,
      ...foldersFor(io),
      ...(options.environment === undefined ? {} : { environment: options.environment }),
      overrides: flagsOf(options, planSections),
    };
    const config = await loadConfig(configOptions);
    return { config, configOptions, connection: await readCredentials(options, io, config) };
  });
}

export interface OpenOptions {
  readonly verbose: boolean;
  readonly dryRun: boolean;
  readonly commit: string;
  readonly phase: string;
  /** The command's own, unless told. */
  readonly signal?: AbortSignal;
  readonly lockWait?: Milliseconds;
  readonly migration?: Pick<MigrationOptions, "retry" | "resolve">;
  readonly allowIdentityChange?: boolean;
  readonly signingKey?: Secret | undefined;
  /** Last lines of each host's journal. */
  readonly journal?: number;
}

/** Connects, lets `work` use the fleet, and closes it. */
export async function withFleet<T>(
  settings: FleetSettings,
  options: OpenOptions,
  { io, screen }: { readonly io: Io; readonly screen: Screen },
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const { config, configOptions, connection } = settings;
  const hosts = config.hosts.map(({ name }) => name);
  const progress = openProgress({ hosts, paint: screen.paint, say: screen.say, verbose: options.verbose });
  const session = await openSession({
    ...configOptions,
    connection,
    git: gitAccess(io),
    vaultOf: (name) => variable(io, name),
    ...(io.connect === undefined ? {} : { connect: io.connect }),
    events: progress.event,
    signal: options.signal ?? signalOf(io),
    dryRun: options.dryRun,
    owner: laptopOwner({ ...whoAmI(), commit: options.commit, phase: options.phase, nonce: randomUUID() }),
    isOver: async (owner) => isDeadHere(whoAmI(), lives)(owner),
    runUrl: "",
    backups: backupMaker({
      identity: { sessionName: "deploy" },
      url: (backup) => urlFrom(backup, io),
      ...foldersFor(io),
      by: whoRuns(),
      signingKey: options.signingKey,
      ...(options.allowIdentityChange === undefined
        ? {}
        : { allowIdentityChange: options.allowIdentityChange }),
    }),
    ...(options.journal === undefined ? {} : { journal: options.journal }),
    ...(options.lockWait === undefined ? {} : { lockWait: options.lockWait }),
    ...(options.migration === undefined ? {} : { migration: options.migration }),
  });
  try {
    return await work(session);
  } finally {
    progress.flush();
    await session.close();
  }
}

/** `ada@laptop` */
export function whoRuns(): string {
  const { user, machine } = whoAmI();
  return `${user}@${machine}`;
}

export function whoAmI(): Pick<Who, "user" | "machine" | "process"> {
  const here = { machine: hostname(), process: processMark(process.pid) };
  try {
    return { user: userInfo().username, ...here };
  } catch {
    // A user without an entry in the password file has no name.
    return { user: String(process.getuid?.() ?? "someone"), ...here };
  }
}
