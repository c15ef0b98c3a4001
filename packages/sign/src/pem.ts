import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { DeployError, Secret } from "@deploy/core";
import { isP256, type P256Key } from "./publicKey.ts";
import type { Signer } from "./signer.ts";

/** Signs with a private key as a secret holds it: PEM, PKCS#8, P-256. Throws `signing-key`, never showing it. */
export function pemSigner(given: Secret): Signer {
  const key = readKey(given);
  const half: P256Key = createPublicKey(key) as P256Key;
  return {
    name: "the key given as a secret",
    publicKey: async () => half,
    sign: async (message) => sign("sha256", message, key),
  };
}

/** A new private key as `pemSigner` reads it. */
export function mintSigner(): Secret {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  return new Secret(String(privateKey.export({ format: "pem", type: "pkcs8" })));
}

function readKey(given: Secret): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(given.reveal());
  } catch {
    // What OpenSSL says of it may quote it.
    throw new DeployError("signing-key", "The signing key is not a private key in PEM, without a passphrase");
  }
  if (isP256(key)) return key;
  throw new DeployError("signing-key", `The signing key is of ${kind(key)}, not of P-256`);
}

function kind({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string {
  return asymmetricKeyDetails?.namedCurve ?? asymmetricKeyType ?? "an unknown kind";
}
