import { createPrivateKey, type KeyObject } from "node:crypto";
import { opensshEd25519 } from "./opensshKey.ts";

export type Pem = { readonly pem: string } | { readonly fault: "passphrase" | "damaged" | "unsupported" };

/**
 * A PKCS#8, PKCS#1 or SEC1 key in a form that ssh2 reads, without passphrase. ssh2 reads no PKCS#8 at all, and takes a PKCS#1
 * key with a line missing for whole.
 */
export function fromPem(pem: string, passphrase: string | undefined): Pem {
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: pem, format: "pem", passphrase: passphrase ?? "" });
  } catch {
    return { fault: /BEGIN ENCRYPTED|^Proc-Type: 4,ENCRYPTED/m.test(pem) ? "passphrase" : "damaged" };
  }
  if (key.asymmetricKeyType === "rsa")
    return { pem: key.export({ type: "pkcs1", format: "pem" }).toString() };
  if (key.asymmetricKeyType === "ec") return { pem: key.export({ type: "sec1", format: "pem" }).toString() };
  if (key.asymmetricKeyType !== "ed25519") return { fault: "unsupported" };
  const { d, x } = key.export({ format: "jwk" });
  return { pem: opensshEd25519(Buffer.from(d ?? "", "base64url"), Buffer.from(x ?? "", "base64url")) };
}
