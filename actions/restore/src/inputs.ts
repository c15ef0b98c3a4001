import {
  type DatabaseInputs,
  databaseInputs,
  type InputReader,
  readDatabaseInputs,
} from "@deploy/action-kit";
import type { Secret } from "@deploy/core";

export interface Inputs extends DatabaseInputs {
  /** A backup's id, or `latest`. */
  readonly backup: string;
  /** New database, file or folder. */
  readonly into: string | undefined;
  /** The name of the database that is replaced. */
  readonly confirm: string | undefined;
  readonly ageKey: Secret | undefined;
  readonly disconnect: boolean;
  readonly plainOwners: boolean;
}

export const inputs = [
  "backup",
  "into",
  "confirm",
  "age-key",
  "disconnect",
  "plain-owners",
  ...databaseInputs,
] as const;

export function readInputs(read: InputReader): Inputs {
  return {
    ...readDatabaseInputs(read),
    backup: read.string("backup") ?? "latest",
    into: read.string("into"),
    confirm: read.string("confirm"),
    ageKey: read.secret("age-key"),
    disconnect: read.flag("disconnect", false),
    plainOwners: read.flag("plain-owners", false),
  };
}
