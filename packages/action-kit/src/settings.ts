import { normalize } from "node:path";
import {
  aloneSections,
  type ConfigOverrides,
  camelCase,
  inputsOf,
  type Milliseconds,
  type Secret,
  type SectionName,
} from "@deploy/core";
import type { InputReader } from "./reader.ts";

type Sections = readonly SectionName[];

const defaultConfig = ".github/deploy.yml";

/** What every action reads. */
export interface CommonInputs {
  readonly settings: Settings;
  /** Names what the steps of this job hand over: the inputs `environment` and, where it is not the usual file, `config`. */
  readonly handOver: string;
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

/** Longer than an abandoned lock lasts. */
const defaultLockWait = 20 * 60_000;

/** `sections`: the parts of the config that the action reads. */
export function readCommonInputs(read: InputReader, sections: Sections): CommonInputs {
  const settings = readSettings(read, sections);
  read.flag("summary", true);
  return { settings, handOver: handOverOf(settings), dryRun: read.flag("dry-run", false) };
}

/** Apps with config files of their own hand over side by side in one job. */
function handOverOf({ environment = "default", configFile }: Settings): string {
  const file = normalize(configFile);
  return file === defaultConfig ? environment : `${environment} ${file}`;
}

export function readFleetInputs(read: InputReader, sections: Sections): FleetInputs {
  return { ...readCommonInputs(read, sections), connection: readConnection(read) };
}

export function readLockingInputs(read: InputReader, sections: Sections): LockingInputs {
  const token = read.secret("github-token");
  const none = /^0(?:ms|s|m|h)?$/.test(read.string("lock-wait") ?? "");
  return {
    ...readFleetInputs(read, sections),
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
  readonly ftpPassword?: Secret;
  readonly jumpHost?: string;
}

function readSettings(read: InputReader, sections: Sections): Settings {
  const config = read.string("config");
  const environment = read.string("environment");
  const laid = sections.filter((name) => !aloneSections.some((alone) => alone === name));
  return {
    configFile: config ?? defaultConfig,
    configRequired: config !== undefined,
    environment,
    overrides: readTexts(read, laid),
  };
}

function readConnection(read: InputReader): ConnectionInputs {
  const privateKey = read.secret("ssh-private-key");
  const passphrase = read.secret("ssh-passphrase");
  const ftpPassword = read.secret("ftp-password");
  const jumpHost = read.string("jump-host");
  return {
    knownHosts: read.string("known-hosts") ?? "",
    ...(privateKey === undefined ? {} : { privateKey }),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(ftpPassword === undefined ? {} : { ftpPassword }),
    ...(jumpHost === undefined ? {} : { jumpHost }),
  };
}

/** The inputs of these sections that say something, as typed, under their names in camelCase. */
export function readTexts(read: InputReader, sections: Sections): Readonly<Record<string, string>> {
  const given = Object.keys(inputsOf(sections)).flatMap((name) => {
    const value = read.string(name);
    return value === undefined ? [] : [[camelCase(name), value] as const];
  });
  return Object.fromEntries(given);
}
