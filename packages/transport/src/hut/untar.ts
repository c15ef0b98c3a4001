import { DeployError } from "@deploy/core";

export interface TarEntry {
  readonly name: string;
  readonly kind: "file" | "folder" | "link";
  readonly size: number;
  /** To be read to its end before the next entry is asked for. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** The entries of a tar as our packer writes it: ustar, GNU long names. Throws `stream-damaged` where it is cut or no tar. */
export async function* untar(stream: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const take = taker(stream);
  let long: string | undefined;
  for (;;) {
    const head = await whole(take, 512);
    if (head.every((byte) => byte === 0)) break;
    const size = Number.parseInt(textAt(head, 124, 12).trim() || "0", 8);
    if (!Number.isSafeInteger(size) || textAt(head, 257, 5) !== "ustar") throw damaged("is no tar");
    const kind = textAt(head, 156, 1);
    const rest = (512 - (size % 512)) % 512;
    if (kind === "L" || kind === "K") {
      const text = new TextDecoder().decode(await whole(take, size)).replace(/\0+$/, "");
      await whole(take, rest);
      if (kind === "L") long = text;
      continue;
    }
    const prefix = textAt(head, 345, 155);
    const short = textAt(head, 0, 100);
    const name = (long ?? (prefix === "" ? short : `${prefix}/${short}`)).replace(/\/$/, "");
    long = undefined;
    const bytes = take(kind === "5" || kind === "2" ? 0 : size);
    yield { name, kind: kind === "5" ? "folder" : kind === "2" ? "link" : "file", size, bytes };
    for await (const _ of bytes) void _;
    await whole(take, rest);
  }
  for (let more = true; more; ) {
    more = false;
    for await (const _ of take(65_536, true)) more = true;
  }
}

/** Parts of a stream, one after the other, each of so many bytes. */
function taker(stream: AsyncIterable<Uint8Array>) {
  const chunks = stream[Symbol.asyncIterator]();
  let held: Uint8Array = new Uint8Array();
  return async function* take(size: number, last = false): AsyncGenerator<Uint8Array, void> {
    for (let left = size; left > 0; ) {
      if (held.length === 0) {
        const next = await chunks.next();
        if (next.done === true && last) return;
        if (next.done === true) throw damaged("ended too early");
        held = next.value;
      }
      const part = held.subarray(0, left);
      held = held.subarray(part.length);
      left -= part.length;
      if (part.length > 0) yield part;
    }
  };
}

async function whole(take: ReturnType<typeof taker>, size: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of take(size)) parts.push(part);
  return Buffer.concat(parts);
}

const textAt = (head: Uint8Array, at: number, size: number): string =>
  new TextDecoder().decode(head.subarray(at, at + size)).replace(/\0.*$/s, "");

const damaged = (what: string): DeployError => new DeployError("stream-damaged", `the upload ${what}`);
