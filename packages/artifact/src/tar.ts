const block = 512;
const longest = 100;
/** Largest size an octal field of eleven digits holds: 8 GiB less one byte. */
export const largestFile = 0o77777777777;

/** What a header tells; `size` is 0 for all but files. */
export interface TarEntry {
  readonly type: "directory" | "file" | "link";
  readonly name: string;
  readonly mode: number;
  readonly size: number;
  readonly target?: string;
}

const flags = { file: "0", link: "2", directory: "5", longName: "L", longTarget: "K" } as const;

/**
 * The header blocks of one entry: plain ustar, preceded by GNU long-name blocks where name or link target is
 * longer than 100 bytes. Never pax: BusyBox tar skips it. Owner is 0/0 without names.
 */
export function renderHeader(entry: TarEntry, mtime: number): Buffer {
  const name = Buffer.from(entry.name);
  const target = Buffer.from(entry.target ?? "");
  const size = entry.type === "file" ? entry.size : 0;
  const own = header({ name, target, mode: entry.mode, size, mtime, flag: flags[entry.type] });
  if (name.length <= longest && target.length <= longest) return own;
  return Buffer.concat([longBlocks(target, flags.longTarget), longBlocks(name, flags.longName), own]);
}

/** Bytes of `renderHeader`, without making them. */
export function headerSize({ name, target = "" }: Pick<TarEntry, "name" | "target">): number {
  return block + longSize(Buffer.byteLength(name)) + longSize(Buffer.byteLength(target));
}

function longSize(length: number): number {
  return length <= longest ? 0 : 2 * block + Math.floor(length / block) * block;
}

const zeros: Buffer = Buffer.alloc(block);

/** Zero bytes that fill the last block of `size` bytes of data. */
export function padding(size: number): Buffer {
  return zeros.subarray(0, paddingSize(size));
}

export function paddingSize(size: number): number {
  return (block - (size % block)) % block;
}

/** Two zero blocks: the end of an archive. */
export const ending: Buffer = Buffer.alloc(2 * block);

function longBlocks(text: Buffer, flag: string): Buffer {
  if (text.length <= longest) return Buffer.alloc(0);
  const data = Buffer.concat([text, Buffer.alloc(1)]);
  const name = Buffer.from("././@LongLink");
  const head = header({ name, target: Buffer.alloc(0), mode: 0, size: data.length, mtime: 0, flag });
  return Buffer.concat([head, data, padding(data.length)]);
}

interface Fields {
  readonly name: Buffer;
  readonly target: Buffer;
  readonly mode: number;
  readonly size: number;
  readonly mtime: number;
  readonly flag: string;
}

function header(fields: Fields): Buffer {
  // Out of Node's own pool: a buffer of its own costs more than all that is written into it.
  const bytes = Buffer.allocUnsafe(block).fill(0);
  fields.name.copy(bytes, 0, 0, longest);
  octal(bytes, 100, 8, fields.mode);
  octal(bytes, 108, 8, 0);
  octal(bytes, 116, 8, 0);
  octal(bytes, 124, 12, fields.size);
  octal(bytes, 136, 12, fields.mtime);
  bytes.fill(" ", 148, 156);
  bytes.write(fields.flag, 156, "latin1");
  fields.target.copy(bytes, 157, 0, longest);
  bytes.write("ustar\x0000", 257, "latin1");
  octal(bytes, 329, 8, 0);
  octal(bytes, 337, 8, 0);
  let sum = 0;
  for (const byte of bytes) sum += byte;
  bytes.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return bytes;
}

function octal(bytes: Buffer, at: number, width: number, value: number): void {
  bytes.write(value.toString(8).padStart(width - 1, "0"), at, width - 1, "latin1");
}
