import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject } from "node:crypto";
import { DeployError } from "@deploy/core";
import { pieces } from "../bytes/pieces.ts";

/*
 * The payload of an age file, as "STREAM" in https://age-encryption.org/v1 has it: ChaCha20-Poly1305 over pieces of 64 KiB, each under a
 * nonce of an 11-byte counter and one byte that is 1 for the last. OpenSSL does it five times as fast as the library's portable
 * code (measured: 440 against 86 MiB a CPU second); the header, with all its public-key work, is the library's.
 */
const algorithm = "chacha20-poly1305";
const plainSize = 65_536;
const tagSize = 16;
export const saltSize = 16;

/** The key of the payload: HKDF-SHA-256 of the file key, salted with the 16 bytes behind the header. */
export function payloadKey(fileKey: Uint8Array, salt: Uint8Array): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync("sha256", fileKey, salt, "payload", 32)));
}

export async function* seal(
  source: AsyncIterable<Uint8Array>,
  key: KeyObject,
): AsyncGenerator<Uint8Array, void, undefined> {
  let number = 0;
  for await (const { bytes, last } of pieces(source, plainSize)) {
    const cipher = createCipheriv(algorithm, key, nonce(number++, last), { authTagLength: tagSize });
    yield Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
  }
}

/** Gives out nothing that was not authenticated. Throws `backup-damaged` at the first piece that is not as it was sealed. */
export async function* unseal(
  source: AsyncIterable<Uint8Array>,
  key: KeyObject,
): AsyncGenerator<Uint8Array, void, undefined> {
  let number = 0;
  for await (const { bytes, last } of pieces(source, plainSize + tagSize)) {
    const plain = open(bytes, key, nonce(number, last));
    if (plain === undefined || (plain.length === 0 && number > 0)) throw damagedAt(number);
    number += 1;
    yield plain;
  }
}

function open(bytes: Buffer, key: KeyObject, iv: Uint8Array): Buffer | undefined {
  if (bytes.length < tagSize) return undefined;
  const end = bytes.length - tagSize;
  const cipher = createDecipheriv(algorithm, key, iv, { authTagLength: tagSize });
  cipher.setAuthTag(bytes.subarray(end));
  try {
    return Buffer.concat([cipher.update(bytes.subarray(0, end)), cipher.final()]);
  } catch {
    return undefined;
  }
}

/** A counter below 2^53 is enough for 500 exabytes. */
function nonce(number: number, last: boolean): Uint8Array {
  const bytes = Buffer.alloc(12);
  bytes.writeBigUInt64BE(BigInt(number), 3);
  bytes[11] = last ? 1 : 0;
  return bytes;
}

function damagedAt(number: number): DeployError {
  const at = number * (plainSize + tagSize);
  return new DeployError(
    "backup-damaged",
    `The encrypted bytes were altered or cut at or behind byte ${at} of the payload`,
  );
}
