import { chooseCredentials, type Identity } from "@deploy/aws";
import type { Config, StoreSettings } from "@deploy/core";
import { type AwsCredentials, checkFolder, type Folders, openStore, type Store } from "@deploy/store";

export interface OpenedStore {
  readonly store: Store;
  /** For what else of AWS belongs to it; absent: the standard chain. */
  readonly credentials?: AwsCredentials;
}

/** The store that a config names, spoken to as whoever we may be. Nothing is connected to yet. Throws `store-folder`. */
export function openConfigured(
  settings: StoreSettings,
  identity: Identity,
  { root, folders }: Folders,
): OpenedStore {
  const { to, role: _, ...rest } = settings;
  const credentials = chooseCredentials(identity, settings);
  const known = credentials === undefined ? {} : { credentials };
  return { store: openStore(to, { ...rest, ...known }, { root, folders }), ...known };
}

/** That no store of this config is a folder where none may be, told before anything is touched. Throws `store-folder`. */
export function checkStores({ backup, assets }: Pick<Config, "backup" | "assets">, where: Folders): void {
  for (const store of [backup?.store, assets?.publish?.store]) {
    if (store !== undefined) checkFolder(store.to, where);
  }
}
