import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { DeployError, list, type Secret } from "@deploy/core";

export interface SigningKeys {
  /** PKCS#8 PEM. */
  readonly privateKey: string;
  /** As `signed-by` has it: SPKI, base64. */
  readonly publicKey: string;
}

/** A fresh Ed25519 pair. */
export function mintSigningKeys(): SigningKeys {
  const { privateKey } = generateKeyPairSync("ed25519");
  const pem = privateKey.export({ format: "pem", type: "pkcs8" });
  return { privateKey: String(pem), publicKey: publicHalf(privateKey) };
}

/** The key that a backup is to be signed with; undefined: with none. Throws `backup-signing-key`, never showing one. */
export function signingKeyFor(
  given: Secret | undefined,
  signedBy: readonly string[] = [],
): KeyObject | undefined {
  if (given === undefined) {
    if (signedBy.length === 0) return undefined;
    throw unusable(`Backups are to be signed by ${signedBy.join(" or ")}, and no key to sign with was given`);
  }
  const key = readKey(given);
  if (signedBy.length === 0 || signedBy.includes(publicHalf(key))) return key;
  throw unusable(`The signing key is that of ${publicHalf(key)}, \`signed-by\` names ${list(signedBy)}`);
}

/** What `signed-by` calls it. */
export function publicHalf(key: KeyObject): string {
  return createPublicKey(key).export({ format: "der", type: "spki" }).toString("base64");
}

function readKey(given: Secret): KeyObject {
  try {
    const key = createPrivateKey(given.reveal());
    if (key.asymmetricKeyType === "ed25519") return key;
  } catch {
    // OpenSSL's own words help nobody.
  }
  throw unusable("The signing key is no Ed25519 key in PEM (BEGIN PRIVATE KEY to END PRIVATE KEY)");
}

function unusable(why: string): DeployError {
  return new DeployError("backup-signing-key", why);
}
