import { camelCase, inputsOf, type Milliseconds, planSections, quote, type SectionName } from "@deploy/core";
import type { Command } from "commander";
import { Option } from "commander";
import { duration, nonEmpty } from "./optionValues.ts";

/** Where to log in, and how. */
export interface LoginOptions {
  readonly config: string;
  readonly environment?: string;
  readonly identityFile?: string;
  readonly knownHosts?: string;
  readonly jumpHost?: string;
}

/** What every command that talks to the whole fleet takes. */
export interface FleetOptions extends LoginOptions {
  readonly json: boolean;
  readonly verbose: boolean;
}

export interface StatusOptions extends FleetOptions {
  readonly html?: string;
  /** True: where the config says. */
  readonly publish?: string | true;
  readonly redactHosts: boolean;
  readonly verify: boolean;
}

export interface PackOptions {
  readonly commit?: string;
  readonly build: boolean;
  readonly whole: boolean;
}

/** Of the commands that make, publish or list packages. */
export interface PackageOptions {
  readonly config: string;
  readonly environment?: string;
  readonly json: boolean;
  /** File of the private key; else DEPLOY_PACKAGE_KEY. */
  readonly signingKey?: string;
  readonly out?: string;
}

export interface PromoteOptions extends PackageOptions {
  readonly from: string;
  readonly to: string;
  readonly untested: boolean;
}

export interface ForceOptions {
  readonly force: boolean;
}

export interface TakeOverOptions {
  readonly takeOver?: string;
}

export interface ChangeOptions {
  readonly dryRun: boolean;
  readonly yes: boolean;
}

export interface LockOptions {
  readonly lockWait: Milliseconds;
}

/** Of the commands that build and publish assets; they reach no server. */
export interface AssetsOptions {
  readonly config: string;
  readonly environment?: string;
  readonly commit?: string;
  readonly dryRun: boolean;
  readonly prune: boolean;
  readonly takeOver?: string;
  readonly json: boolean;
}

/** Of the commands that back a database up. */
export interface IdentityOptions {
  readonly allowIdentityChange: boolean;
  readonly signingKey?: string;
}

/** Of the commands that make a backup or bring one back, on the leader. */
export interface BackupOptions extends FleetOptions, IdentityOptions {
  readonly ageKey?: string;
  readonly dryRun: boolean;
}

export interface RestoreOptions extends BackupOptions {
  readonly into?: string;
  readonly confirm?: string;
  readonly disconnect: boolean;
  readonly plainOwners: boolean;
  readonly of?: string;
  readonly unsigned: boolean;
  readonly keepGoing: boolean;
}

export type BackupsOptions = Pick<FleetOptions, "config" | "environment" | "json">;

export type InventoryOptions = BackupsOptions & { readonly list?: boolean; readonly host?: string };

/** A person's word on a migration of this release that failed, or was lost. */
export interface MigrationOptions extends IdentityOptions {
  readonly retry: boolean;
  readonly resolve?: "retry" | "done";
}

export type PlanOptions = FleetOptions & PackOptions & ForceOptions & TakeOverOptions;
export type RunOptions = PlanOptions & ChangeOptions & LockOptions & MigrationOptions;
export type ReconcileOptions = FleetOptions & PackOptions & TakeOverOptions & ChangeOptions & LockOptions;
export type RollbackOptions = FleetOptions & TakeOverOptions & ChangeOptions & LockOptions;

export const defaultConfig = ".github/deploy.yml";

export function withFleetOptions(command: Command): Command {
  return withLoginOptions(command)
    .option("--json", "print one JSON document on stdout; progress goes to stderr", false)
    .option("-v, --verbose", "more of everything: steps as they start, what was skipped, journals", false);
}

export function withLoginOptions(command: Command): Command {
  return command
    .option("-c, --config <file>", "the environments and their servers", nonEmpty, defaultConfig)
    .option("-e, --environment <name>", "which environment; needed where the config has several", nonEmpty)
    .option(
      "-i, --identity-file <file>",
      "private key to log in with, or the public one of a key that ssh-agent holds; without it, ssh-agent is asked",
      nonEmpty,
    )
    .option(
      "--known-hosts <file>",
      "the pinned host keys (default: as ssh has it, ~/.ssh/known_hosts)",
      nonEmpty,
    )
    .option("--jump-host <user@name:port>", "reach the servers through this one", nonEmpty);
}

/** A whole command that is shown, with what this one was told of config and login: it is to reach the same servers. */
export function repeatFlags(move: string, options: FleetOptions): string {
  if (!move.startsWith("deploy ")) return move;
  const { config, identityFile, knownHosts, jumpHost } = options;
  const given = {
    "--config": config === defaultConfig ? undefined : config,
    "--identity-file": identityFile,
    "--known-hosts": knownHosts,
    "--jump-host": jumpHost,
  };
  const flags = Object.entries(given).flatMap(([flag, value]) =>
    value === undefined ? [] : [flag, quote(value)],
  );
  return [move, ...flags].join(" ");
}

export function withPackOptions(command: Command): Command {
  const packing = command
    .option("--commit <hash>", "name of what is deployed (default: git's HEAD)", nonEmpty)
    .option("--no-build", "pack what is there: skip the config's build commands")
    .option("--whole", "read every file, also what has not changed since the last pack", false);
  return withFlags(packing, planSections);
}

export function withTakeOverOption(command: Command): Command {
  return command.option(
    "--take-over <app/environment>",
    "deploy to a folder that was another's, which is gone or has got another name",
    nonEmpty,
  );
}

export function withForceOption(command: Command): Command {
  return command.option("--force", "deploy what is live already once more, as a new release", false);
}

export function withChangeOptions(command: Command): Command {
  return withYes(
    command.option("--dry-run", "read everything, change nothing: show what would be done", false),
  );
}

export function withYes(command: Command): Command {
  return command.option("-y, --yes", "do not ask; needed where standard input is no terminal", false);
}

export function withLockOptions(command: Command): Command {
  return command.option(
    "--lock-wait <duration>",
    "how long to wait while somebody else deploys: 30s, 10m (default: not at all)",
    duration,
    0,
  );
}

export function withAssetsOptions(command: Command): Command {
  return command
    .option("-c, --config <file>", "the config whose `assets` are meant", nonEmpty, defaultConfig)
    .option("-e, --environment <name>", "the environment whose own `assets` are meant", nonEmpty)
    .option("--commit <hash>", "name of what is built (default: git's HEAD)", nonEmpty)
    .option(
      "--dry-run",
      "build into a temporary folder, publish and remove nothing: show what would be done",
      false,
    )
    .option("--no-prune", "remove nothing from the store")
    .option(
      "--take-over <app/environment>",
      "publish to a place that was another's, which is gone or has got another name",
      nonEmpty,
    )
    .option("--json", "print one JSON document on stdout; progress goes to stderr", false);
}

export function withBackupOptions(command: Command): Command {
  return withIdentityOption(withFlags(withFleetOptions(command), ["backup"]))
    .option("--age-key <file>", "age identity that opens backups (default: DEPLOY_AGE_KEY)", nonEmpty)
    .option("--dry-run", "look at everything, change nothing: show what would be done", false);
}

export function withRestoreOptions(command: Command): Command {
  return withBackupOptions(command)
    .addOption(
      new Option("--into <name>", "new database, file or folder to make (default: a name of our own)")
        .argParser(nonEmpty)
        .conflicts("confirm"),
    )
    .option("--confirm <name>", "replace the database of this name, after a fresh backup of it", nonEmpty)
    .option("--disconnect", "with --confirm: end what is still connected at the switch", false)
    .option("--plain-owners", "leave owners and grants of the dump out", false)
    .option("--of <app/environment>", "whose backup it is, where it is another's than this one's", nonEmpty)
    .option(
      "--unsigned",
      "bring it back by its id although none of `signed-by` signed it: you know where it comes from",
      false,
    )
    .option("--keep-going", "go on past what fails, into a database named …_incomplete_…", false);
}

export function withBackupsOptions(command: Command): Command {
  return withConfigOptions(withFlags(command, ["backup"]));
}

/** Of the commands that read a config and reach no server. */
export function withConfigOptions(command: Command): Command {
  return command
    .option("-c, --config <file>", "the config that is meant", nonEmpty, defaultConfig)
    .option("-e, --environment <name>", "which environment; needed where the config has several", nonEmpty)
    .option("--json", "print one JSON document on stdout", false);
}

/** The flags of these sections: each says what a key of the config says, and wins over it. */
function withFlags(command: Command, sections: readonly SectionName[]): Command {
  for (const [name, { flag }] of Object.entries(inputsOf(sections))) {
    if (flag !== undefined) command.option(`--${name} ${flag.value}`, flag.description, nonEmpty);
  }
  return command;
}

/** Which servers are left out, and what becomes of files changed by hand: with them, neither stops a way back. */
export function withWithout(command: Command): Command {
  return withFlags(command, ["hosts", "configure"]);
}

/** What the flags of these sections say, as overrides of the config. */
export function flagsOf(
  options: object,
  sections: readonly SectionName[],
): Readonly<Record<string, string | undefined>> {
  const flags = Object.entries(inputsOf(sections)).filter(([, { flag }]) => flag !== undefined);
  const names = new Set(flags.map(([name]) => camelCase(name)));
  return Object.fromEntries(Object.entries(options).filter(([name]) => names.has(name)));
}

export function withMigrationOptions(command: Command): Command {
  return withIdentityOption(command)
    .option("--retry", "run a migration of this release again that failed", false)
    .addOption(
      new Option("--resolve <how>", "what to do about a migration whose end nobody knows").choices([
        "retry",
        "done",
      ]),
    );
}

function withIdentityOption(command: Command): Command {
  return command
    .option(
      "--allow-identity-change",
      "the database is meant to be another one than that of the last backup (moved, renamed)",
      false,
    )
    .option(
      "--signing-key <file>",
      "private key that signs backups, from `deploy keygen` (default: BACKUP_SIGNING_KEY)",
      nonEmpty,
    );
}
