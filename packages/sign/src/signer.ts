import type { P256Key } from "./publicKey.ts";

/** Signs with the P-256 key of one environment: the one kind that a key service, OpenPGP, openssl and OpenSSH all know. */
export interface Signer {
  /** For people: where the key is, never what it is. */
  readonly name: string;
  publicKey(): Promise<P256Key>;
  /** ECDSA over the SHA-256 of the message, as DER (RFC 3279, 2.2.3): what `openssl dgst -sha256 -verify` reads. */
  sign(message: Uint8Array): Promise<Buffer>;
}
