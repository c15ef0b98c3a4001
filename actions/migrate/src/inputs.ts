import {
  fleetInputs,
  type InputReader,
  type LockingInputs,
  lockInputs,
  readLockingInputs,
  readStoreKeys,
  type StoreKeys,
  storeSecrets,
} from "@deploy/action-kit";
import type { Secret } from "@deploy/core";

export interface Inputs extends LockingInputs {
  /** For the backup that comes first, where the config has one. */
  readonly databaseUrl: Secret | undefined;
  readonly keys: StoreKeys | undefined;
  /** Prepared before; absent: this job's upload step made it. */
  readonly release: string | undefined;
  /** A person's word on a migration of this release that failed, or was lost. */
  readonly migration: { readonly retry: boolean; readonly resolve?: "retry" | "done" };
}

export const inputs = [
  "release",
  "retry",
  "resolve",
  "database-url",
  ...storeSecrets,
  ...lockInputs,
  ...fleetInputs,
] as const;

export function readInputs(read: InputReader): Inputs {
  const retry = read.flag("retry", false);
  // Empty is neither: the reader's choice would take the first.
  const resolve =
    read.string("resolve") === undefined ? {} : { resolve: read.choice("resolve", ["retry", "done"]) };
  return {
    ...readLockingInputs(read),
    release: read.string("release"),
    migration: { retry, ...resolve },
    databaseUrl: read.secret("database-url"),
    keys: readStoreKeys(read),
  };
}
