import {
  type DatabaseInputs,
  databaseInputs,
  declareInputs,
  type InputReader,
  readDatabaseInputs,
} from "@deploy/action-kit";
import type { Secret } from "@deploy/core";

export interface Inputs extends DatabaseInputs {
  /** age identity: the stored bytes are decrypted as proof. */
  readonly ageKey: Secret | undefined;
}

export const declared = declareInputs({
  own: {
    "age-key":
      "age identity, `AGE-SECRET-KEY-…`: what was stored is decrypted as proof. A secret; not needed to back up.",
  },
  ...databaseInputs,
});
export const inputs = declared.names;

export function readInputs(read: InputReader): Inputs {
  return {
    ...readDatabaseInputs(read),
    ageKey: read.secret("age-key"),
  };
}
