import { uint16 } from "./packet.ts";

/** A number as OpenPGP has it: its bits, then its bytes without leading zeros (RFC 9580, 3.2). */
export function mpi(bytes: Uint8Array): Buffer {
  let at = 0;
  while (at < bytes.length && bytes[at] === 0) at++;
  const own = Buffer.from(bytes.subarray(at));
  const bits = own.length === 0 ? 0 : own.length * 8 - Math.clz32(own[0] as number) + 24;
  return Buffer.concat([uint16(bits), own]);
}

/** The numbers that fill these bytes, one after the other; undefined where they do not. */
export function readNumbers(bytes: Buffer): readonly Buffer[] | undefined {
  const numbers: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (at + 2 > bytes.length) return undefined;
    const size = Math.ceil(bytes.readUInt16BE(at) / 8);
    if (at + 2 + size > bytes.length) return undefined;
    const own = bytes.subarray(at + 2, at + 2 + size);
    // Only as it must be written: no second form of the same.
    if (!mpi(own).equals(bytes.subarray(at, at + 2 + size))) return undefined;
    numbers.push(own);
    at += 2 + size;
  }
  return numbers;
}

/** r and s of an ECDSA signature out of DER: a SEQUENCE of two INTEGERs (RFC 3279, 2.2.3); P-256, so each length is one byte. */
export function pairOf(der: Buffer): readonly [Buffer, Buffer] {
  const size = der[3] as number;
  return [der.subarray(4, 4 + size), der.subarray(6 + size)];
}

/** The other way, for Node: 64 bytes, `ieee-p1363`. */
export function joined(r: Buffer, s: Buffer): Buffer | undefined {
  if (r.length > 32 || s.length > 32) return undefined;
  return Buffer.concat([Buffer.alloc(32 - r.length), r, Buffer.alloc(32 - s.length), s]);
}
