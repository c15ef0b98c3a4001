import { type Backup, type BackupOverrides, Secret } from "@deploy/core";
import { type SessionSettings, sessionSettings } from "./options.ts";
import type { InputReader } from "./reader.ts";
import {
  type CommonInputs,
  type ConnectionInputs,
  commonInputs,
  connectionInputs,
  readCommonInputs,
  readConnection,
  readTexts,
} from "./settings.ts";
import { readStoreKeys, type StoreKeys, storeIdentity, storeInputs, storeSecrets } from "./store.ts";
import type { ActionContext } from "./types.ts";

/** What a backup is of and where it goes: the same inputs wherever one is made or brought back. */
export const backupInputs = [
  "database",
  "globals",
  "path",
  "paths",
  "run",
  "verify",
  "restore-command",
  "store",
  ...storeInputs,
  "encrypt-to",
  "from",
  "compression",
  "level",
  "minimum-size",
  "keep",
  "keep-for",
] as const;

/** Settings of the config that matter where only the leader is spoken to. */
export const leaderInputs = ["app", "leader"] as const;

/** Every input of an action that reaches a database, beside its own. */
export const databaseInputs = [
  "url",
  ...backupInputs,
  ...leaderInputs,
  ...storeSecrets,
  ...connectionInputs,
  ...commonInputs,
] as const;

export interface DatabaseInputs extends CommonInputs {
  readonly connection: ConnectionInputs;
  readonly overrides: BackupOverrides;
  readonly url: Secret | undefined;
  readonly keys: StoreKeys | undefined;
}

export function readDatabaseInputs(read: InputReader): DatabaseInputs {
  return {
    ...readCommonInputs(read, [...leaderInputs, "hosts", "username", "deploy-to"]),
    connection: readConnection(read),
    overrides: readTexts(read, backupInputs),
    url: read.secret("url"),
    keys: readStoreKeys(read),
  };
}

/** What a database of packages/session is opened with, by shape. */
export function databaseSettings(inputs: DatabaseInputs, context: ActionContext, phase: string) {
  const { github } = context;
  return {
    ...sessionSettings(inputs, context, phase),
    // In a dry run nothing of ours is carried out; what looks at the source only reads.
    dryRun: false,
    backupOverrides: inputs.overrides,
    identity: storeIdentity(inputs.keys, context),
    url: (backup: Backup) => databaseUrl(inputs.url, backup, context),
    fallbackApp: github.repository.split("/").at(-1) ?? "app",
  } satisfies SessionSettings & Record<string, unknown>;
}

/** The database's URL: the input, or else the environment variable that the config names. Its password is masked alone, too. */
export function databaseUrl(
  given: Secret | undefined,
  backup: Backup,
  { childEnvironment, mask }: Pick<ActionContext, "childEnvironment" | "mask">,
): Secret | undefined {
  if (!("urlSecret" in backup)) return undefined;
  const text = given?.reveal() ?? childEnvironment[backup.urlSecret] ?? "";
  if (text.trim() === "") return undefined;
  const password = passwordIn(text);
  mask([text, password, decoded(password)]);
  return new Secret(text);
}

function passwordIn(url: string): string {
  return /^[a-z][a-z0-9+]*:\/\/[^:@/]*:(.*)@/is.exec(url.trim())?.[1] ?? "";
}

/** As a client would print it. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
