/** An Ed25519 key as `openssl pkey -pubout` writes it between its two lines: 12 bytes that say what it is, and the key's 32. */
const shape = /^MCowBQYDK2VwAyEA[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;

export const publicKeyPhrase =
  "the public half of a signing key (MCowBQYDK2VwAyEA…, what deploy keygen prints)";

/** The public half of a key that signs backups; undefined for anything else. */
export function readPublicKey(text: string): string | undefined {
  return shape.test(text) ? text : undefined;
}
