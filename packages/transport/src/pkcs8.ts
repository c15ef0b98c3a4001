import { createPrivateKey, type KeyObject } from "node:crypto";
import { opensshEd25519 } from "./openssh-key.ts";

export type Pkcs8 = { readonly pem: string } | { readonly fault: "passphrase" | "damaged" | "unsupported" };

/** ssh2 reads no PKCS#8 (`BEGIN PRIVATE KEY`, `BEGIN ENCRYPTED PRIVATE KEY`): the same key in a form it reads. */
export function fromPkcs8(pem: string, passphrase: string | undefined): Pkcs8 {
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: pem, format: "pem", passphrase: passphrase ?? "" });
  } catch {
    return { fault: pem.includes("BEGIN ENCRYPTED") ? "passphrase" : "damaged" };
  }
  if (key.asymmetricKeyType === "rsa")
    return { pem: key.export({ type: "pkcs1", format: "pem" }).toString() };
  if (key.asymmetricKeyType === "ec") return { pem: key.export({ type: "sec1", format: "pem" }).toString() };
  if (key.asymmetricKeyType !== "ed25519") return { fault: "unsupported" };
  const { d, x } = key.export({ format: "jwk" });
  return { pem: opensshEd25519(Buffer.from(d ?? "", "base64url"), Buffer.from(x ?? "", "base64url")) };
}
