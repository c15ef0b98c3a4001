import {
  backupInputs,
  commonInputs,
  connectionInputs,
  type DatabaseInputs,
  type InputReader,
  leaderInputs,
  readCommonInputs,
  readConnection,
  readStoreKeys,
  readTexts,
  storeSecrets,
} from "@deploy/action-kit";
import type { Secret } from "@deploy/core";

export interface Inputs extends DatabaseInputs {
  /** age identity: the stored bytes are decrypted as proof. */
  readonly ageKey: Secret | undefined;
  readonly allowIdentityChange: boolean;
}

export const inputs = [
  "url",
  ...backupInputs,
  "age-key",
  "allow-identity-change",
  ...leaderInputs,
  ...storeSecrets,
  ...connectionInputs,
  ...commonInputs,
] as const;

export function readInputs(read: InputReader): Inputs {
  return {
    ...readCommonInputs(read, [...leaderInputs, "hosts", "username", "deploy-to"]),
    connection: readConnection(read),
    overrides: readTexts(read, backupInputs),
    url: read.secret("url"),
    ageKey: read.secret("age-key"),
    allowIdentityChange: read.flag("allow-identity-change", false),
    keys: readStoreKeys(read),
  };
}
