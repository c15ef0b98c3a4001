import type { StoreSettings as Configured } from "@deploy/core";
import { chooseCredentials, type Identity } from "./aws/choose.ts";
import { openStore } from "./open.ts";
import type { AwsCredentials, Store } from "./types.ts";

export interface OpenedStore {
  readonly store: Store;
  /** For what else of AWS belongs to it; absent: the standard chain. */
  readonly credentials?: AwsCredentials;
}

/** The store that a config names, spoken to as whoever we may be; a folder is one below `root`. Nothing is connected to yet. */
export function openConfigured(
  { to, role, ...settings }: Configured,
  identity: Omit<Identity, "role" | "region">,
  root?: string,
): OpenedStore {
  const credentials = chooseCredentials({
    ...identity,
    ...(role === undefined ? {} : { role }),
    ...(settings.region === undefined ? {} : { region: settings.region }),
  });
  const known = credentials === undefined ? {} : { credentials };
  return { store: openStore(to, { ...settings, ...known }, root), ...known };
}
