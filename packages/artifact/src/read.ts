import { constants, type Stats } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { DeployError } from "@deploy/core";
import { broken } from "./refusals.ts";

const chunk = 256 * 1024;

/**
 * The bytes of a file that must still be the one `stats` was read from: the same inode, size, mtime and ctime before and
 * after (nobody can set a ctime back: it shows where size and mtime were kept). Throws `source-changed` otherwise; never follows a link put in its place.
 */
export async function* readUnchanged(root: string, path: string, stats: Stats): AsyncGenerator<Uint8Array> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW;
  const handle = await open(join(root, path), flags).catch((error: unknown) => broken(path, error));
  try {
    assertSame(path, stats, await handle.stat());
    yield* bytesOf(handle, stats.size);
    assertSame(path, stats, await handle.stat());
  } finally {
    await handle.close();
  }
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
