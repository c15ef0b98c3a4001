import { DeployError } from "@deploy/core";

const block = 512;

/** One entry as the archive has it: its name is not judged yet. */
export interface TarItem {
  readonly type: "file" | "directory" | "link" | "hard link";
  readonly name: string;
  readonly mode: number;
  /** Seconds since 1970. */
  readonly mtime: number;
  /** Of links. */
  readonly target: string;
  /** Of files; what is not read is passed over. */
  readonly data: AsyncIterable<Uint8Array>;
}

/**
 * Reads a tar as GNU tar, BSD tar, BusyBox and git write it: ustar, GNU's long names, pax. Throws `archive-refused` for
 * one that is cut off or damaged, and for devices, fifos and sparse files.
 */
export async function* readTar(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<TarItem> {
  const input = new Input(bytes);
  try {
    yield* itemsOf(input);
    // To the end: a damaged gzip stream shows there.
    await input.drain();
  } finally {
    await input.close();
  }
}

async function* itemsOf(input: Input): AsyncGenerator<TarItem> {
  let extra: Extra = {};
  for (;;) {
    const head = await input.take(block);
    if (head.every((byte) => byte === 0)) return;
    const { flag, size: told, ...plain } = parseHeader(head);
    if (flag === "g" || flag === "L" || flag === "K" || flag === "x") {
      const data = (await input.take(padded(told))).subarray(0, told);
      if (flag !== "g") extra = { ...extra, ...parseExtra(flag, data) };
      continue;
    }
    const { path: name = plain.name, linkpath: target = plain.target, size = told } = extra;
    const type = typeOf(flag, name);
    const end = input.position + padded(size);
    yield { ...plain, name, target, type, data: input.part(type === "file" ? size : 0) };
    await input.skip(end - input.position);
    extra = {};
  }
}

interface Extra {
  readonly path?: string;
  readonly linkpath?: string;
  readonly size?: number;
}

function parseHeader(head: Buffer) {
  const sum = head.reduce((all, byte, at) => all + (at >= 148 && at < 156 ? 0x20 : byte), 0);
  if (number(head, 148, 8) !== sum) throw refused("a header is damaged");
  const prefix = head.toString("latin1", 257, 263) === "ustar\0" ? text(head, 345, 155) : "";
  const name = text(head, 0, 100);
  return {
    flag: head.toString("latin1", 156, 157),
    name: prefix === "" ? name : `${prefix}/${name}`,
    mode: number(head, 100, 8) & 0o7777,
    size: number(head, 124, 12),
    mtime: number(head, 136, 12),
    target: text(head, 157, 100),
  };
}

function typeOf(flag: string, name: string): TarItem["type"] {
  if (flag === "5" || (flag === "\0" && name.endsWith("/"))) return "directory";
  if (flag === "0" || flag === "\0" || flag === "7") return "file";
  if (flag === "1") return "hard link";
  if (flag === "2") return "link";
  throw refused(`"${printable(name)}" is no file, folder or link`);
}

/** GNU's long name or target, or the records of a pax header: `length key=value\n`. */
function parseExtra(flag: "L" | "K" | "x", data: Buffer): Extra {
  if (flag === "L") return { path: text(data, 0, data.length) };
  if (flag === "K") return { linkpath: text(data, 0, data.length) };
  const records: Record<string, string> = {};
  for (let at = 0; at < data.length; ) {
    const [digits = ""] = /^[0-9]{1,9} /.exec(data.toString("latin1", at, at + 10)) ?? [];
    const end = at + Number(digits);
    if (digits === "" || end > data.length || end <= at) throw refused("a pax header is damaged");
    const record = decode(data.subarray(at + digits.length, end - 1));
    const cut = record.indexOf("=");
    records[record.slice(0, cut)] = record.slice(cut + 1);
    at = end;
  }
  if (Object.keys(records).some((key) => key.startsWith("GNU.sparse")))
    throw refused("it holds sparse files");
  const { path, linkpath, size } = records;
  return {
    ...(path === undefined ? {} : { path }),
    ...(linkpath === undefined ? {} : { linkpath }),
    ...(size === undefined ? {} : { size: whole(Number(size)) }),
  };
}

/** Octal digits, or GNU's base 256 where the first bit is set. */
function number(head: Buffer, at: number, width: number): number {
  const field = head.subarray(at, at + width);
  if ((field[0] ?? 0) >= 0x80) {
    return whole(field.reduce((all, byte, index) => all * 256 + (index === 0 ? byte & 0x7f : byte), 0));
  }
  const digits = field.toString("latin1").replace(/\0.*$/s, "").trim();
  return whole(digits === "" ? 0 : /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN);
}

function whole(value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) throw refused("a header is damaged");
  return value;
}

function text(from: Buffer, at: number, length: number): string {
  const field = from.subarray(at, at + length);
  const end = field.indexOf(0);
  return decode(end < 0 ? field : field.subarray(0, end));
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw refused("a name is not valid UTF-8");
  }
}

function padded(size: number): number {
  return Math.ceil(size / block) * block;
}

export function printable(name: string): string {
  return JSON.stringify(name).slice(1, -1);
}

export function refused(why: string): DeployError {
  return new DeployError("archive-refused", `The tar cannot be unpacked: ${why}`);
}

/** A stream that is asked for so many bytes. */
class Input {
  readonly #source: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);
  position = 0;

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.#source = bytes[Symbol.asyncIterator]();
  }

  async take(size: number): Promise<Buffer> {
    // A name or a header is never that long: what says so is no tar.
    if (size > 1024 * 1024) throw refused("a header is damaged");
    const parts: Uint8Array[] = [];
    for await (const part of this.part(size)) parts.push(part);
    return Buffer.concat(parts);
  }

  async *part(size: number): AsyncGenerator<Uint8Array> {
    for (let left = size; left > 0; ) {
      if (this.#rest.length === 0 && !(await this.#more())) throw refused("it is cut off");
      const part = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(part.length);
      this.position += part.length;
      left -= part.length;
      yield part;
    }
  }

  async skip(size: number): Promise<void> {
    for await (const _ of this.part(size));
  }

  async drain(): Promise<void> {
    while (await this.#more());
  }

  async close(): Promise<void> {
    await this.#source.return?.();
  }

  async #more(): Promise<boolean> {
    const { value, done } = await this.#source.next();
    if (done !== true) this.#rest = value;
    return done !== true;
  }
}
