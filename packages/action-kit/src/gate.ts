import type { Backup, Secret } from "@deploy/core";
import { databaseUrl } from "./database.ts";
import type { SessionSettings } from "./options.ts";
import { type StoreKeys, storeIdentity } from "./store.ts";
import type { ActionContext } from "./types.ts";

interface GateInputs {
  readonly databaseUrl: Secret | undefined;
  readonly keys: StoreKeys | undefined;
  readonly allowIdentityChange: boolean;
  readonly signingKey: Secret | undefined;
}

/** What the backup before a migration is made with, by the shape of packages/session. */
export function gateSettings(inputs: GateInputs, context: ActionContext, { root, folders }: SessionSettings) {
  const { log, github } = context;
  return {
    identity: storeIdentity(inputs.keys, context),
    url: (backup: Backup) => databaseUrl(inputs.databaseUrl, backup, context),
    mask: (secrets: readonly string[]) => log.mask(secrets),
    root,
    folders,
    allowIdentityChange: inputs.allowIdentityChange,
    by: github.actor,
    signingKey: inputs.signingKey,
  };
}
