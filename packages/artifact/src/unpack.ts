import { constants } from "node:fs";
import { chmod, lutimes, mkdir, open, symlink, utimes } from "node:fs/promises";
import { join } from "node:path";
import type { Origin } from "./origin.ts";
import type { Entry, FileEntry } from "./types.ts";
import { unwritable, writeAll } from "./write.ts";

/**
 * Makes the tree in `to`, a folder that is missing or empty: files with their modes, links, folders, and on all of it the
 * release's time. Gives the number of files. Every byte is verified; throws `artifact-unwritable` and what the origin
 * throws, and what was made by then stays.
 */
export async function unpackOrigin(origin: Origin, to: string): Promise<number> {
  const { entries, mtime } = origin;
  const target = ({ path }: Entry) => join(to, path);
  const top: Entry = { type: "directory", path: "", mode: 0o755 };
  const folders = [top, ...entries].filter(isFolder);
  await origin.check();
  await make(to, () => mkdir(to, { recursive: true }));
  for (const folder of folders.slice(1)) await make(target(folder), () => mkdir(target(folder)));
  const files = await unpackFiles(origin, entries.filter(isFile), target);
  for (const link of entries) {
    if (link.type !== "link") continue;
    await make(target(link), () => symlink(link.target, target(link)));
    await lutimes(target(link), mtime, mtime);
  }
  // The inner ones first: making something in a folder moves that folder's time.
  for (const folder of folders.reverse()) {
    await chmod(target(folder), folder.mode);
    await utimes(target(folder), mtime, mtime);
  }
  return files;
}

/** Into folders that are there; once the origin was checked. Gives their number. */
export async function unpackFiles(
  origin: Origin,
  files: readonly FileEntry[],
  target: (file: FileEntry) => string,
): Promise<number> {
  await origin.check();
  const reader = await origin.open();
  try {
    for (const file of files) await writeFile(target(file), file, origin.mtime, reader.take(file));
  } finally {
    await reader.close();
  }
  return files.length;
}

/** Never over, nor through, what lies there. */
async function writeFile(
  target: string,
  { mode }: FileEntry,
  mtime: number,
  bytes: AsyncIterable<Uint8Array>,
): Promise<void> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
  const handle = await make(target, () => open(target, flags, 0o600));
  try {
    for await (const part of bytes) await make(target, () => writeAll(handle, part));
    await handle.chmod(mode);
    await handle.utimes(mtime, mtime);
  } finally {
    await handle.close();
  }
}

function make<T>(path: string, how: () => Promise<T>): Promise<T> {
  return how().catch((error: unknown) => unwritable(path, error));
}

export function isFile(entry: Entry): entry is FileEntry {
  return entry.type === "file";
}

function isFolder(entry: Entry): entry is Extract<Entry, { type: "directory" }> {
  return entry.type === "directory";
}
