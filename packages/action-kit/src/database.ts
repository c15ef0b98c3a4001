import { type Backup, type BackupOverrides, fleetSections, Secret, type SectionName } from "@deploy/core";
import { backingUp, connection, type InputTable, storeKeys } from "./declare.ts";
import { type SessionSettings, sessionSettings } from "./options.ts";
import type { InputReader } from "./reader.ts";
import { type FleetInputs, readFleetInputs, readTexts } from "./settings.ts";
import { readStoreKeys, type StoreKeys, storeIdentity } from "./store.ts";
import type { ActionContext } from "./types.ts";

/** What an action that reaches a database may be given, beside its own inputs. */
export const databaseInputs = {
  groups: [
    {
      url: "URL of the database, as the leader (or the runner) sees it: `postgres://user:password@127.0.0.1/shop`. The variable that `url-secret` of the config names unless told. A secret.",
    },
    backingUp,
    storeKeys,
    connection,
  ] satisfies readonly InputTable[],
  sections: [...fleetSections, "backup"] satisfies readonly SectionName[],
  reworded: {
    hosts:
      "Servers, one per line: `user@name:port`, with `roles=web,worker` where needed. Not needed with `from: runner`.",
    leader: "Host that dumps; the first unless told.",
    "dry-run": "`true`: look at everything, change nothing, and say what would be done.",
  },
};

export interface DatabaseInputs extends FleetInputs {
  readonly overrides: BackupOverrides;
  readonly url: Secret | undefined;
  readonly keys: StoreKeys | undefined;
  readonly allowIdentityChange: boolean;
  readonly signingKey: Secret | undefined;
}

export function readDatabaseInputs(read: InputReader): DatabaseInputs {
  return {
    ...readFleetInputs(read, databaseInputs.sections),
    overrides: readTexts(read, ["backup"]),
    url: read.secret("url"),
    keys: readStoreKeys(read),
    allowIdentityChange: read.flag("allow-identity-change", false),
    signingKey: read.secret("signing-key"),
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
  { childEnvironment, log }: Pick<ActionContext, "childEnvironment" | "log">,
): Secret | undefined {
  if (!("urlSecret" in backup)) return undefined;
  const text = given?.reveal() ?? childEnvironment[backup.urlSecret] ?? "";
  if (text.trim() === "") return undefined;
  const password = passwordIn(text);
  log.mask([text, password, decoded(password)]);
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
