import { createHash, createPublicKey } from "node:crypto";
import type { P256Key } from "@deploy/sign";
import { uint16, uint32 } from "./packet.ts";

/** 2026-01-01. A part of the fingerprint; a key service does not tell it for sure, so that all of our keys have the same. */
const made = 1_767_225_600;

/** ECDSA (RFC 9580, 9.1). */
export const ecdsa = 19;
/** 1.2.840.10045.3.1.7, with its length before it. */
const curve = Buffer.from("082a8648ce3d030107", "hex");

/** The body of a version 4 public key packet (RFC 9580, 5.5.2.2). */
export function keyBody(key: P256Key): Buffer {
  const { x = "", y = "" } = key.export({ format: "jwk" });
  const point = Buffer.concat([Buffer.from([4]), Buffer.from(x, "base64url"), Buffer.from(y, "base64url")]);
  return Buffer.concat([Buffer.from([4]), uint32(made), Buffer.from([ecdsa]), curve, uint16(515), point]);
}

/** 20 bytes; SHA-1 as version 4 has it, of a key that we are given and never look for. */
export function fingerprint(body: Buffer): Buffer {
  return createHash("sha1")
    .update(Buffer.from([0x99]))
    .update(uint16(body.length))
    .update(body)
    .digest();
}

/** The key in such a body; undefined where it is of another kind. */
export function readKeyBody(body: Buffer): P256Key | undefined {
  const rest = body.subarray(6 + curve.length);
  if (body[0] !== 4 || body[5] !== ecdsa || !body.subarray(6, 6 + curve.length).equals(curve))
    return undefined;
  if (rest.length !== 67 || rest.readUInt16BE(0) !== 515 || rest[2] !== 4) return undefined;
  const x = rest.toString("base64url", 3, 35);
  const y = rest.toString("base64url", 35);
  try {
    return createPublicKey({ key: { kty: "EC", crv: "P-256", x, y }, format: "jwk" }) as P256Key;
  } catch {
    return undefined;
  }
}
