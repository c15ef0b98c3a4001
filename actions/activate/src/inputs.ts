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
} from "@deploy/action-kit";
import { planSections } from "@deploy/core";

export interface Inputs extends LockingInputs {
  /** Prepared before; absent: this job's upload step made it. */
  readonly release: string | undefined;
  /** A person's word on what `migrate.after` of this release came to. */
  readonly migration: MigrationWord;
}

export const declared = declareInputs({
  own: {
    release: handOver("Prepared release; the one of this job's upload step unless told."),
  },
  groups: [migrationWord, lock, connection],
  sections: planSections,
});
export const inputs = declared.names;

export function readInputs(read: InputReader): Inputs {
  return {
    ...readLockingInputs(read, declared.sections),
    release: read.handedOver("release"),
    migration: readMigrationWord(read),
  };
}
