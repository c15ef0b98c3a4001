import {
  backingUp,
  connection,
  declareInputs,
  handOver,
  type InputReader,
  type LockingInputs,
  lock,
  type MigrationWord,
  migrationWord,
  readLockingInputs,
  readMigrationWord,
  readStoreKeys,
  type StoreKeys,
  storeKeys,
} from "@deploy/action-kit";
import { planSections, type Secret } from "@deploy/core";

export interface Inputs extends LockingInputs {
  /** For the backup that comes first, where the config has one. */
  readonly databaseUrl: Secret | undefined;
  readonly keys: StoreKeys | undefined;
  readonly allowIdentityChange: boolean;
  readonly signingKey: Secret | undefined;
  /** Prepared before; absent: this job's upload step made it. */
  readonly release: string | undefined;
  /** A person's word on a migration of this release that failed, or was lost. */
  readonly migration: MigrationWord;
}

export const declared = declareInputs({
  own: {
    release: handOver("Prepared release to run it in; the one of this job's upload step unless told."),
    "database-url":
      "URL of the database for the backup that comes first, as its `from` sees it: `postgres://user:password@127.0.0.1/shop`. The variable that `backup.url-secret` names unless told. A secret.",
  },
  groups: [migrationWord, backingUp, storeKeys, lock, connection],
  sections: planSections,
  reworded: {
    "aws-access-key-id": "Access key of the backup's store, where no role is assumed. A secret.",
  },
});
export const inputs = declared.names;

export function readInputs(read: InputReader): Inputs {
  return {
    ...readLockingInputs(read, declared.sections),
    release: read.handedOver("release"),
    migration: readMigrationWord(read),
    databaseUrl: read.secret("database-url"),
    keys: readStoreKeys(read),
    allowIdentityChange: read.flag("allow-identity-change", false),
    signingKey: read.secret("signing-key"),
  };
}
