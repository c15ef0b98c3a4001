import type { ConfigOverrides, Milliseconds, Secret } from "@deploy/core";
import type { InputReader } from "./reader.ts";

/** The inputs that log in: the same in every action that reaches a host. */
export const connectionInputs = [
  "hosts",
  "username",
  "ssh-private-key",
  "ssh-passphrase",
  "known-hosts",
  "jump-host",
  "deploy-to",
] as const;

/** Where settings come from, and the two switches of every action. */
export const commonInputs = ["environment", "config", "dry-run", "summary"] as const;

/** Of the actions that take the fleet lock. */
export const lockInputs = ["lock-wait", "github-token"] as const;

/** Settings of `.github/deploy.yml` as inputs: an input wins over the file, and no file is needed. */
export const settingInputs = [
  "app",
  "url",
  "leader",
  "source",
  "exclude",
  "build",
  "shared-directories",
  "shared-files",
  "keep-releases",
  "upload-method",
  "upload-store",
  "upload-filter",
  "prepare",
  "migrate",
  "reload",
  "health-url",
] as const;

export const defaultConfig = ".github/deploy.yml";

/** What every action reads. */
export interface CommonInputs {
  readonly settings: Settings;
  /** Names this job's session: the `environment` input as given. */
  readonly session: string;
  readonly dryRun: boolean;
}

export interface FleetInputs extends CommonInputs {
  readonly connection: ConnectionInputs;
}

/** As every fleet action, and how long another's lock is waited for. */
export interface LockingInputs extends FleetInputs {
  readonly lockWait: Milliseconds;
  /** Asks GitHub whether the run that holds the lock is over. */
  readonly githubToken?: Secret;
}

const defaultLockWait = 10 * 60_000;

/** Names of every input of an action that reaches hosts, beside its own. */
export const fleetInputs = [...commonInputs, ...connectionInputs, ...settingInputs] as const;

/** `names`: the inputs that are settings of the config here; those of a fleet unless told. */
export function readCommonInputs(read: InputReader, names: readonly string[] = fleetSettings): CommonInputs {
  const settings = readSettings(read, names);
  read.flag("summary", true);
  return { settings, session: settings.environment ?? "default", dryRun: read.flag("dry-run", false) };
}

export function readFleetInputs(read: InputReader): FleetInputs {
  return { ...readCommonInputs(read), connection: readConnection(read) };
}

export function readLockingInputs(read: InputReader): LockingInputs {
  const token = read.secret("github-token");
  const none = /^0(?:ms|s|m|h)?$/.test(read.string("lock-wait") ?? "");
  return {
    ...readFleetInputs(read),
    lockWait: none ? 0 : (read.duration("lock-wait") ?? defaultLockWait),
    ...(token === undefined ? {} : { githubToken: token }),
  };
}

export interface Settings {
  readonly configFile: string;
  readonly configRequired: boolean;
  readonly environment: string | undefined;
  readonly overrides: ConfigOverrides;
}

export interface ConnectionInputs {
  readonly knownHosts: string;
  readonly privateKey?: Secret;
  readonly passphrase?: Secret;
  readonly jumpHost?: string;
}

const fleetSettings = ["hosts", "username", "deploy-to", ...settingInputs];

export function readSettings(read: InputReader, names: readonly string[] = fleetSettings): Settings {
  const config = read.string("config");
  const environment = read.string("environment");
  return {
    configFile: config ?? defaultConfig,
    configRequired: config !== undefined,
    environment,
    overrides: readTexts(read, names),
  };
}

export function readConnection(read: InputReader): ConnectionInputs {
  const privateKey = read.secret("ssh-private-key");
  const passphrase = read.secret("ssh-passphrase");
  const jumpHost = read.string("jump-host");
  return {
    knownHosts: read.string("known-hosts") ?? "",
    ...(privateKey === undefined ? {} : { privateKey }),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(jumpHost === undefined ? {} : { jumpHost }),
  };
}

/** The inputs that say something, as typed, under their names as properties. */
export function readTexts(read: InputReader, names: readonly string[]): Readonly<Record<string, string>> {
  const given = names.flatMap((name) => {
    const value = read.string(name);
    return value === undefined ? [] : [[camelCase(name), value] as const];
  });
  return Object.fromEntries(given);
}

function camelCase(name: string): string {
  return name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
