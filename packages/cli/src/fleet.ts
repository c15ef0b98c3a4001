import { randomUUID } from "node:crypto";
import { hostname, userInfo } from "node:os";
import { relative } from "node:path";
import { type Config, type Milliseconds, planSections } from "@deploy/core";
import {
  backupMaker,
  type ConfigOptions,
  type Connection,
  loadConfig,
  openSession,
  type Session,
} from "@deploy/session";
import { pathOf, readCredentials } from "./credentials.ts";
import { reading } from "./failure.ts";
import { type Io, signalOf, urlFrom } from "./io.ts";
import { type FleetOptions, flagsOf, type MigrationOptions } from "./options.ts";
import { laptopOwner } from "./owner.ts";
import { openProgress } from "./progress.ts";
import type { Screen } from "./screen.ts";

/** What is known before any server was asked. */
export interface FleetSettings {
  readonly config: Config;
  readonly configOptions: ConfigOptions;
  readonly connection: Connection;
}

/** Config and credentials; every mistake in them is the caller's (exit code 2). */
export function readSettings(options: FleetOptions, io: Io): Promise<FleetSettings> {
  return reading(async () => {
    const configOptions = {
      configFile: relative(io.cwd, pathOf(options.config, io)),
      configRequired: true,
      root: io.cwd,
      ...(options.environment === undefined ? {} : { environment: options.environment }),
      overrides: flagsOf(options, planSections),
    };
    const config = await loadConfig(configOptions);
    return { config, configOptions, connection: await readCredentials(options, io) };
  });
}

export interface OpenOptions {
  readonly verbose: boolean;
  readonly dryRun: boolean;
  readonly commit: string;
  readonly phase: string;
  readonly lockWait?: Milliseconds;
  readonly migration?: Omit<MigrationOptions, "allowIdentityChange">;
  readonly allowIdentityChange?: boolean;
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
    ...(io.connect === undefined ? {} : { connect: io.connect }),
    events: progress.event,
    signal: signalOf(io),
    dryRun: options.dryRun,
    owner: laptopOwner({ ...whoAmI(), commit: options.commit, phase: options.phase, nonce: randomUUID() }),
    runUrl: "",
    backups: backupMaker({
      identity: { sessionName: "deploy" },
      url: (backup) => urlFrom(backup, io),
      root: io.cwd,
      ...(options.allowIdentityChange === undefined
        ? {}
        : { allowIdentityChange: options.allowIdentityChange }),
    }),
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

export function whoAmI(): { user: string; machine: string } {
  try {
    return { user: userInfo().username, machine: hostname() };
  } catch {
    // A user without an entry in the password file has no name.
    return { user: String(process.getuid?.() ?? "someone"), machine: hostname() };
  }
}
