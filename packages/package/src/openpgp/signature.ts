import { createHash, verify } from "node:crypto";
import type { P256Key, Signer } from "@deploy/sign";
import { ecdsa, fingerprint, keyBody } from "./key.ts";
import { joined, mpi, pairOf, readNumbers } from "./number.ts";
import { lengthOf, newLength, packet, tags, uint16, uint32 } from "./packet.ts";

/** Types of signatures (RFC 9580, 5.2.1). */
export const types = { text: 0x01, certification: 0x13 } as const;
/** SHA-256 (RFC 9580, 9.5). */
const sha256 = 8;

/** What is signed beside the data: `time` in seconds since 1970, further subpackets as type and bytes. */
export interface Signed {
  readonly type: number;
  readonly time: number;
  readonly more?: readonly (readonly [number, Uint8Array])[];
}

/** A version 4 signature packet over `data` (RFC 9580, 5.2.3). */
export async function signaturePacket(data: Buffer, how: Signed, signer: Signer): Promise<Buffer> {
  const print = fingerprint(keyBody(await signer.publicKey()));
  const issuer = Buffer.concat([Buffer.from([4]), print]);
  const hashed = subpackets([[2, uint32(how.time)], [33, issuer], ...(how.more ?? [])]);
  const head = Buffer.concat([Buffer.from([4, how.type, ecdsa, sha256]), uint16(hashed.length), hashed]);
  const message = Buffer.concat([data, head, trailer(head)]);
  const [r, s] = pairOf(await signer.sign(message));
  const open = subpackets([[16, print.subarray(12)]]);
  const left = createHash("sha256").update(message).digest().subarray(0, 2);
  return packet(tags.signature, Buffer.concat([head, uint16(open.length), open, left, mpi(r), mpi(s)]));
}

/** Whether this body of a signature packet is of that type and key, over that data. */
export function verifies(body: Buffer, data: Buffer, type: number, key: P256Key): boolean {
  if (body.length < 10 || body[0] !== 4 || body[1] !== type || body[2] !== ecdsa || body[3] !== sha256)
    return false;
  const end = 6 + body.readUInt16BE(4);
  if (end + 4 > body.length) return false;
  const head = body.subarray(0, end);
  const after = end + 2 + body.readUInt16BE(end);
  const numbers = readNumbers(body.subarray(after + 2));
  const [r, s] = numbers ?? [];
  if (numbers?.length !== 2 || r === undefined || s === undefined || !isBy(head.subarray(6), key))
    return false;
  const message = Buffer.concat([data, head, trailer(head)]);
  const left = createHash("sha256").update(message).digest().subarray(0, 2);
  const both = joined(r, s);
  if (both === undefined || !left.equals(body.subarray(after, after + 2))) return false;
  return verify("sha256", message, { key, dsaEncoding: "ieee-p1363" }, both);
}

/** That the signed part names the key, so that none is taken for another's. */
function isBy(hashed: Buffer, key: P256Key): boolean {
  const print = fingerprint(keyBody(key));
  for (let at = 0; at < hashed.length; ) {
    const size = newLength(hashed, at);
    if (size === undefined || size.length < 1) return false;
    const body = hashed.subarray(at + size.took, at + size.took + size.length);
    if (body[0] === 33) return body.subarray(2).equals(print);
    at += size.took + size.length;
  }
  return false;
}

function trailer(head: Buffer): Buffer {
  return Buffer.concat([Buffer.from([4, 0xff]), uint32(head.length)]);
}

function subpackets(all: readonly (readonly [number, Uint8Array])[]): Buffer {
  return Buffer.concat(
    all.flatMap(([type, bytes]) => [lengthOf(bytes.length + 1), Buffer.from([type]), bytes]),
  );
}
