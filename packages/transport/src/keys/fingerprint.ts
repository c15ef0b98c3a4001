import { createHash } from "node:crypto";

/** `SHA256:…` of a public key blob, as OpenSSH prints it. */
export function fingerprint(blob: Uint8Array): string {
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
}

/** The type a public key blob says it has: `ssh-ed25519`; "" where it is too short to say. */
export function keyType(blob: Uint8Array): string {
  const bytes = Buffer.from(blob);
  if (bytes.length < 4) return "";
  const length = bytes.readUInt32BE(0);
  return length > bytes.length - 4 ? "" : bytes.toString("latin1", 4, 4 + length);
}

/** True where a blob is a row of SSH strings and nothing else: a cut one is not. */
export function isWholeKey(blob: Uint8Array): boolean {
  const bytes = Buffer.from(blob);
  let [at, parts] = [0, 0];
  while (at + 4 <= bytes.length) {
    at += 4 + bytes.readUInt32BE(at);
    parts++;
  }
  return at === bytes.length && parts >= 2;
}
