/** Tags of packets (RFC 9580, 5). */
export const tags = { signature: 2, publicKey: 6, userId: 13 } as const;

export interface Packet {
  readonly tag: number;
  readonly body: Buffer;
}

/** In the new format, with a length of one, two or five bytes (RFC 9580, 4.2.1). */
export function packet(tag: number, body: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([0xc0 | tag]), lengthOf(body.length), body]);
}

/** The packets in these bytes, old format or new; undefined where they are not whole, or of a length that is not told. */
export function readPackets(bytes: Buffer): readonly Packet[] | undefined {
  const packets: Packet[] = [];
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at++] as number;
    if ((first & 0x80) === 0) return undefined;
    const isNew = (first & 0x40) !== 0;
    const size = isNew ? newLength(bytes, at) : oldLength(bytes, at, first & 3);
    if (size === undefined || at + size.took + size.length > bytes.length) return undefined;
    at += size.took;
    packets.push({
      tag: isNew ? first & 0x3f : (first >> 2) & 0xf,
      body: bytes.subarray(at, at + size.length),
    });
    at += size.length;
  }
  return packets;
}

/** As subpackets have it, too. */
export function lengthOf(length: number): Buffer {
  if (length < 192) return Buffer.from([length]);
  if (length < 8384) return Buffer.from([((length - 192) >> 8) + 192, (length - 192) & 0xff]);
  return Buffer.concat([Buffer.from([255]), uint32(length)]);
}

interface Length {
  readonly length: number;
  readonly took: number;
}

/** Undefined: partial, or cut off. */
export function newLength(bytes: Buffer, at: number): Length | undefined {
  const [first, second] = [bytes[at], bytes[at + 1]];
  if (first === undefined) return undefined;
  if (first < 192) return { length: first, took: 1 };
  if (first === 255)
    return at + 5 > bytes.length ? undefined : { length: bytes.readUInt32BE(at + 1), took: 5 };
  if (first >= 224 || second === undefined) return undefined;
  return { length: ((first - 192) << 8) + second + 192, took: 2 };
}

function oldLength(bytes: Buffer, at: number, kind: number): Length | undefined {
  const took = [1, 2, 4][kind];
  if (took === undefined || at + took > bytes.length) return undefined;
  return { length: bytes.readUIntBE(at, took), took };
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

export function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}
