import type { ConfigOverrides, Secret } from "@deploy/core";
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
  "prepare",
  "migrate",
  "reload",
  "health-url",
] as const;

export const defaultConfig = ".github/deploy.yml";

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

export function readSettings(read: InputReader, names: readonly string[]): Settings {
  const text = (name: string) => (names.includes(name) ? read.string(name) : undefined);
  const config = text("config");
  const environment = text("environment");
  const keys = ["hosts", "username", "deploy-to", ...settingInputs];
  const given = keys.flatMap((name) => {
    const value = text(name);
    return value === undefined ? [] : [[camelCase(name), value] as const];
  });
  return {
    configFile: config ?? defaultConfig,
    configRequired: config !== undefined,
    environment,
    overrides: Object.fromEntries(given),
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

function camelCase(name: string): string {
  return name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
