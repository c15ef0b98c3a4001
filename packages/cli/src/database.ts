import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename, relative } from "node:path";
import { DeployError, type Host, Secret } from "@deploy/core";
import { type DatabaseOptions, loadConfig } from "@deploy/session";
import { pathOf, readCredentials } from "./credentials.ts";
import { whoAmI } from "./fleet.ts";
import { foldersFor, type Io, signalOf, urlFrom } from "./io.ts";
import { type BackupOptions, flagsOf } from "./options.ts";
import { laptopOwner } from "./owner.ts";
import type { Screen } from "./screen.ts";

/** What a database of packages/session is opened with: config and credentials of a desk; the store's are the AWS chain's. */
export async function databaseOptions(
  options: BackupOptions,
  phase: string,
  { io, screen }: { readonly io: Io; readonly screen: Screen },
): Promise<DatabaseOptions> {
  const note = (text: string) => screen.say(screen.paint("dim", text));
  const config = configOptions(options, io);
  return {
    ...config,
    connection: await readCredentials(options, io, { hosts: await hostsOf(config) }),
    ...(io.connect === undefined ? {} : { connect: io.connect }),
    overrides: {},
    events: (event) => event.kind === "note" && note(event.text),
    signal: signalOf(io),
    dryRun: false,
    owner: laptopOwner({ ...whoAmI(), commit: "", phase, nonce: randomUUID() }),
    runUrl: "",
    backupOverrides: flagsOf(options, ["backup"]),
    identity: { sessionName: "deploy" },
    url: (backup) => urlFrom(backup, io),
    fallbackApp: basename(io.cwd),
  };
}

/** Those of the config, where it is whole; a database that the runner itself reaches needs none. */
async function hostsOf(options: ReturnType<typeof configOptions>): Promise<readonly Host[]> {
  try {
    return (await loadConfig({ ...options, overrides: {} })).hosts;
  } catch {
    return [];
  }
}

/** Where the config is; enough to see what a store holds. */
export function configOptions(options: Pick<BackupOptions, "config" | "environment">, io: Io) {
  return {
    configFile: relative(io.cwd, pathOf(options.config, io)),
    configRequired: true,
    ...foldersFor(io),
    environment: options.environment,
  };
}

/** The key that signs backups: a file as `deploy keygen` printed it, or BACKUP_SIGNING_KEY. Throws `backup-signing-key`. */
export async function readSigningKey(file: string | undefined, io: Io): Promise<Secret | undefined> {
  if (file === undefined)
    return io.env.BACKUP_SIGNING_KEY ? new Secret(io.env.BACKUP_SIGNING_KEY) : undefined;
  const text = await readFile(pathOf(file, io), "utf8").catch(() => undefined);
  if (text !== undefined) return new Secret(text);
  throw new DeployError("backup-signing-key", `${pathOf(file, io)} cannot be read`, { place: { file } });
}

/** The age identity that opens backups: a file as `age-keygen` writes it, or DEPLOY_AGE_KEY. Throws `identity-missing`. */
export async function readAgeKey(file: string | undefined, io: Io): Promise<Secret | undefined> {
  if (file === undefined) return io.env.DEPLOY_AGE_KEY ? new Secret(io.env.DEPLOY_AGE_KEY) : undefined;
  const text = await readFile(pathOf(file, io), "utf8").catch(() => "");
  const key = text.split(/\r?\n/).find((line) => line.startsWith("AGE-SECRET-KEY-"));
  if (key !== undefined) return new Secret(key);
  throw new DeployError("identity-missing", `${pathOf(file, io)} holds no line AGE-SECRET-KEY-…`, {
    place: { file },
    hint: "Give --age-key the file that `age-keygen` wrote, or set DEPLOY_AGE_KEY.",
  });
}
