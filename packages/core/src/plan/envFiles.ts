import type { Config } from "../config/types.ts";
import { type FleetFacts, hostsWith } from "./fleet.ts";
import { cut, list } from "./words.ts";

/** Files below shared/ that commands load: a host is asked for them, beside those that are linked. */
export function envFilesOf(config: Config): readonly string[] {
  return [...new Set(loadersOf(config).map(({ file }) => file))];
}

/** The one that steps get, for a command of a person's: the migration's, else of the first command that has one. */
export function stepEnvFile(config: Config): string | undefined {
  return config.migrate?.envFile ?? envFilesOf(config)[0];
}

/** The one in which the application's settings are: what steps get, else a shared file that is called so. */
export function envFileOf(config: Config): string {
  return stepEnvFile(config) ?? config.shared.files.find((file) => /(^|\/)\.env[^/]*$/.test(file)) ?? ".env";
}

/** Files that are not there (yet): an earlier command may make one, so it stops no run. */
export function warnEnvFiles({ config, reached }: FleetFacts): readonly string[] {
  return loadersOf(config).flatMap(({ file, run, hosts }) => {
    const lacking = reached.filter(
      ({ host, missingShared }) => hosts.includes(host) && missingShared.includes(file),
    );
    if (lacking.length === 0 || config.shared.files.includes(file)) return [];
    const where = list(lacking.map(({ host }) => host));
    return [`shared/${file} is not on ${where}, and \`${cut(run, 60)}\` loads it`];
  });
}

function loadersOf(config: Config) {
  const { prepare, migrate, activate, leader } = config;
  const commands = [...prepare, ...activate.reload, ...(activate.diagnose ?? [])].map((command) => ({
    ...command,
    hosts: hostsWith(config, command.roles),
  }));
  const all = migrate === undefined ? commands : [...commands, { ...migrate, hosts: [leader] }];
  return all.flatMap(({ envFile: file, run, hosts }) => (file === undefined ? [] : [{ file, run, hosts }]));
}
