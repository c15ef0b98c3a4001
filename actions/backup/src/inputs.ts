import {
  type DatabaseInputs,
  databaseInputs,
  type InputReader,
  readDatabaseInputs,
} from "@deploy/action-kit";
import type { Secret } from "@deploy/core";

export interface Inputs extends DatabaseInputs {
  /** age identity: the stored bytes are decrypted as proof. */
  readonly ageKey: Secret | undefined;
  readonly allowIdentityChange: boolean;
}

export const inputs = ["age-key", "allow-identity-change", ...databaseInputs] as const;

export function readInputs(read: InputReader): Inputs {
  return {
    ...readDatabaseInputs(read),
    ageKey: read.secret("age-key"),
    allowIdentityChange: read.flag("allow-identity-change", false),
  };
}
