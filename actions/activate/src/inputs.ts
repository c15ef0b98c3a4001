import {
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
import { planSections } from "@deploy/core";

export interface Inputs extends LockingInputs {
  /** Of the target groups that hosts leave. */
  readonly keys: StoreKeys | undefined;
  /** Prepared before; absent: this job's upload step made it. */
  readonly release: string | undefined;
  /** A person's word on what `migrate.after` of this release came to. */
  readonly migration: MigrationWord;
}

export const declared = declareInputs({
  own: {
    release: handOver("Prepared release; the one of this job's upload step unless told."),
  },
  groups: [migrationWord, storeKeys, lock, connection],
  sections: planSections,
  reworded: {
    "aws-access-key-id":
      "Access key for the target groups that hosts leave (`pool: { kind: target-group }`), where no role is assumed. A secret.",
  },
});
export const inputs = declared.names;

export function readInputs(read: InputReader): Inputs {
  return {
    ...readLockingInputs(read, declared.sections),
    keys: readStoreKeys(read),
    release: read.handedOver("release"),
    migration: readMigrationWord(read),
  };
}
