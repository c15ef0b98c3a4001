import { chooseCredentials, type Identity } from "@deploy/aws";
import type { StoreSettings } from "@deploy/core";
import { type AwsCredentials, openStore, type Store } from "@deploy/store";

export interface OpenedStore {
  readonly store: Store;
  /** For what else of AWS belongs to it; absent: the standard chain. */
  readonly credentials?: AwsCredentials;
}

/** The store that a config names, spoken to as whoever we may be; a folder is one below `root`. Nothing is connected to yet. */
export function openConfigured(settings: StoreSettings, identity: Identity, root?: string): OpenedStore {
  const { to, role: _, ...rest } = settings;
  const credentials = chooseCredentials(identity, settings);
  const known = credentials === undefined ? {} : { credentials };
  return { store: openStore(to, { ...rest, ...known }, root), ...known };
}
