import { createHash } from "node:crypto";
import { closeSync, openSync, unlinkSync, write } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { chunkSize, SharedFile } from "./shared.ts";
import { unwritable } from "./write.ts";

/** Bytes that were made once and are read by many. */
export interface Held {
  readonly bytes: number;
  /** Hex SHA-256. */
  readonly digest: string;
  read(): AsyncIterable<Uint8Array>;
}

/** What is kept in memory: of one stream, and of all together. */
export interface Room {
  readonly each: number;
  left: number;
}

export const usualRoom = (): Room => ({ each: 4 * 1024 * 1024, left: 64 * 1024 * 1024 });

/**
 * Reads `source` to its end: into memory where it is small, else into a file in `directory` that has no name, so that it
 * is gone with this process however that ends. Throws `artifact-unwritable`, and what `source` throws.
 */
export async function hold(source: AsyncIterable<Uint8Array>, directory: string, room: Room): Promise<Held> {
  const hash = createHash("sha256");
  const parts: Uint8Array[] = [];
  let bytes = 0;
  let file: Nameless | undefined;
  try {
    for await (const part of source) {
      hash.update(part);
      if (file === undefined && bytes + part.length > Math.min(room.each, room.left)) {
        file = new Nameless(directory);
        for (const [at, early] of positions(parts)) await file.write(early, at);
        parts.length = 0;
      }
      if (file === undefined) parts.push(part);
      else await file.write(part, bytes);
      bytes += part.length;
    }
  } catch (error) {
    file?.close();
    throw error;
  }
  const digest = hash.digest("hex");
  if (file !== undefined) {
    const shared = file.share(bytes);
    return { bytes, digest, read: () => shared.read() };
  }
  room.left -= bytes;
  const whole = Buffer.concat(parts);
  return { bytes, digest, read: () => slices(whole) };
}

function* positions(parts: readonly Uint8Array[]): Generator<[number, Uint8Array]> {
  let at = 0;
  for (const part of parts) {
    yield [at, part];
    at += part.length;
  }
}

async function* slices(whole: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < whole.length; at += chunkSize) yield whole.subarray(at, at + chunkSize);
}

const writeAt = promisify(write);

/** A file without a name: it takes no space once it is closed. */
class Nameless {
  static #made = 0;
  readonly #name: string;
  readonly #descriptor: number;

  constructor(directory: string) {
    this.#name = join(directory, `.parcel-${process.pid}-${Nameless.#made++}`);
    try {
      this.#descriptor = openSync(this.#name, "wx+", 0o600);
    } catch (error) {
      unwritable(this.#name, error);
    }
    unlinkSync(this.#name);
  }

  async write(part: Uint8Array, position: number): Promise<void> {
    try {
      for (let at = 0; at < part.length; ) {
        const { bytesWritten } = await writeAt(this.#descriptor, part, at, part.length - at, position + at);
        at += bytesWritten;
      }
    } catch (error) {
      unwritable(this.#name, error);
    }
  }

  share(bytes: number): SharedFile {
    return new SharedFile(this.#descriptor, bytes);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
