import type { Identity } from "@deploy/aws";
import { type Config, DeployError } from "@deploy/core";
import type { ReadRecord, Verified } from "@deploy/core/records";
import type { Folders, Store } from "@deploy/store";
import { openConfigured } from "../store.ts";
import { readRecords, verifyStore } from "./read.ts";

/** How many records a history or a page is made of. */
const most = 300;

async function withStore<T>(
  config: Config,
  identity: Identity,
  where: Folders,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  if (config.records === undefined)
    throw new DeployError("records-unconfigured", "The config has no `records`: nothing is kept of a run");
  const { store } = openConfigured(config.records.store, identity, where);
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

/** The newest records of the environment; none where the config has no `records`. */
export async function listRecords(
  config: Config,
  identity: Identity,
  where: Folders,
): Promise<{ readonly records: readonly ReadRecord[]; readonly unread: readonly string[] }> {
  if (config.records === undefined) return { records: [], unread: [] };
  return withStore(config, identity, where, (store) => readRecords(store, config, most));
}

/** Holds all that is kept of the environment against its chain. Throws `records-unconfigured`, and what the store refuses. */
export function verifyAudit(config: Config, identity: Identity, where: Folders): Promise<Verified> {
  return withStore(config, identity, where, (store) => verifyStore(store, config));
}
