import { closeSync, constants, fstatSync, lstatSync, openSync, read, readSync, type Stats } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { DeployError } from "@deploy/core";
import { broken, tried } from "./refusals.ts";

/** Bytes that one read takes: files up to it are read whole, so many of them may be in memory at once. */
export const chunk = 256 * 1024;

/** Never through a link that was put in the file's place, and never waiting for who writes into a pipe there. */
const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

const readInto = promisify(read);

/** Milliseconds above which a read has waited for a disk, and files that are then read off the main thread. */
const slow = 0.5;
const wary = 64;

/**
 * Reads small files, each of which must still be the one its `stats` were read from. What lies in memory is read at
 * once, which costs a fifth of handing it to another thread (measured); a read that waited for a disk sends the next
 * ones to other threads, so that many of them wait together.
 */
export class SmallFiles {
  readonly #root: string;
  #away = 0;

  constructor(root: string) {
    this.#root = root;
  }

  /** Throws as `readUnchanged`. */
  async read(path: string, stats: Stats): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(stats.size);
    const descriptor = tried(path, () => openSync(join(this.#root, path), flags));
    try {
      for (let at = 0; at < bytes.length; ) {
        const length =
          this.#away > 0
            ? this.#elsewhere(path, descriptor, bytes, at)
            : this.#here(path, descriptor, bytes, at);
        const got = typeof length === "number" ? length : await length;
        if (got === 0) throw changed(path);
        at += got;
      }
      // One look is enough: what changed since `stats` shows in the ctime, also where it grew behind what was read.
      assertSame(path, stats, fstatSync(descriptor));
      return bytes;
    } finally {
      closeSync(descriptor);
    }
  }

  #here(path: string, descriptor: number, bytes: Buffer, at: number): number {
    const began = performance.now();
    const length = tried(path, () => readSync(descriptor, bytes, at, bytes.length - at, null));
    if (performance.now() - began > slow) this.#away = wary;
    return length;
  }

  async #elsewhere(path: string, descriptor: number, bytes: Buffer, at: number): Promise<number> {
    this.#away--;
    const length = bytes.length - at;
    const { bytesRead } = await readInto(descriptor, bytes, at, length, null).catch((error: unknown) =>
      broken(path, error),
    );
    return bytesRead;
  }
}

/**
 * The bytes of a file that must still be the one `stats` was read from: the same inode, size, mtime and ctime before and
 * after (nobody can set a ctime back: it shows where size and mtime were kept). Throws `source-changed` otherwise; never follows a link put in its place.
 */
export async function* readUnchanged(root: string, path: string, stats: Stats): AsyncGenerator<Uint8Array> {
  const handle = await open(join(root, path), flags).catch((error: unknown) => broken(path, error));
  try {
    assertSame(path, stats, await handle.stat());
    yield* bytesOf(handle, stats.size);
    assertSame(path, stats, await handle.stat());
  } finally {
    await handle.close();
  }
}

/** That what lies there is still the file of `stats`. Throws `source-changed`. */
export function assertUnchanged(root: string, path: string, stats: Stats): void {
  assertSame(
    path,
    stats,
    tried(path, () => lstatSync(join(root, path))),
  );
}

/** Reads to the end, not to `size`: a file that grew must show. */
async function* bytesOf(handle: FileHandle, size: number): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.alloc(Math.min(chunk, size + 1));
  for (;;) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length);
    if (bytesRead === 0) return;
    yield Buffer.from(buffer.subarray(0, bytesRead));
  }
}

function assertSame(path: string, before: Stats, now: Stats): void {
  const marks = ["dev", "ino", "size", "mtimeMs", "ctimeMs"] as const;
  if (marks.some((mark) => before[mark] !== now[mark])) throw changed(path);
}

export function changed(path: string): DeployError {
  return new DeployError("source-changed", "It changed while it was packed", { place: { path } });
}
