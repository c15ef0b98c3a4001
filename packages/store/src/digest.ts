import { hash } from "node:crypto";
import { crc32 } from "node:zlib";
import { DeployError } from "@deploy/core";

/** Hex SHA-256. */
export function sha256Of(bytes: Uint8Array): string {
  return hash("sha256", bytes, "hex");
}

/** CRC32 as S3 writes it: base64 of four bytes, big-endian. */
export function crc32Of(bytes: Uint8Array): string {
  const four = Buffer.alloc(4);
  four.writeUInt32BE(crc32(bytes));
  return four.toString("base64");
}

/** Throws `body-changed` where the bytes are not those that were announced. */
export function checkSha256(place: string, actual: string, expected: string | undefined): void {
  if (expected === undefined || actual === expected.toLowerCase()) return;
  const message = `The bytes for ${place} have the SHA-256 ${actual}, announced was ${expected}`;
  throw new DeployError("body-changed", message, { place: { path: place } });
}
