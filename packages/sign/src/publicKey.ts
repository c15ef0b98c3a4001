import { createPublicKey, type KeyObject } from "node:crypto";

/** A key that is known to be of P-256. */
export type P256Key = KeyObject & { readonly asymmetricKeyType?: "ec" };

/** Whether ECDSA with SHA-256 by a `Signer` can be verified with it. */
export function isP256(key: KeyObject): key is P256Key {
  return key.asymmetricKeyType === "ec" && key.asymmetricKeyDetails?.namedCurve === "prime256v1";
}

/** The public half, from PEM or from the DER of a SubjectPublicKeyInfo; undefined where it is none of P-256. */
export function readPublicKey(given: string | Uint8Array): P256Key | undefined {
  try {
    const key =
      typeof given === "string"
        ? createPublicKey(given)
        : createPublicKey({ key: Buffer.from(given), format: "der", type: "spki" });
    return isP256(key) ? key : undefined;
  } catch {
    return undefined;
  }
}
