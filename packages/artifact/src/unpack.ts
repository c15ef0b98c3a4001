import { constants } from "node:fs";
import { chmod, lutimes, mkdir, open, symlink, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DeployError } from "@deploy/core";
import { proven } from "./delta.ts";
import { load } from "./open.ts";
import { RandomAccess } from "./random.ts";
import { offsetsOf } from "./stream.ts";
import { type Entry, type FileEntry, packedFile, type Saved } from "./types.ts";
import { checkPacked } from "./whole.ts";
import { unwritable, writeAll } from "./write.ts";

/**
 * Brings the files of one folder of a packed release into `to`, for a job that has no source tree. Links are left out.
 * Nothing is taken from a damaged artifact; throws `artifact-missing`, `artifact-damaged`, `artifact-unwritable`, and
 * `source-missing` where the release has no such folder.
 */
export async function unpackFolder(directory: string, folder: string, to: string): Promise<number> {
  const saved = await load(directory);
  const files = saved.entries.filter((entry) => isFile(entry) && entry.path.startsWith(`${folder}/`));
  if (files.length === 0) {
    throw new DeployError("source-missing", `The packed release has no file below ${folder}`);
  }
  const target = ({ path }: Entry) => join(to, path.slice(folder.length + 1));
  for (const parent of new Set(files.map((file) => dirname(target(file))))) {
    await mkdir(parent, { recursive: true });
  }
  return unpackFiles(saved, files.filter(isFile), target);
}

/**
 * Makes the tree of a packed release in `to`, a folder that is missing or empty: files with their modes, links, folders,
 * and on all of it the release's time. Gives the number of files. Every byte is verified; throws as `unpackFolder`
 * does, and what was made by then stays.
 */
export async function unpackTree(directory: string, to: string): Promise<number> {
  const saved = await load(directory);
  const target = ({ path }: Entry) => join(to, path);
  const top: Entry = { type: "directory", path: "", mode: 0o755 };
  const folders = [top, ...saved.entries].filter(isFolder);
  await make(to, () => mkdir(to, { recursive: true }));
  for (const folder of folders.slice(1)) await make(target(folder), () => mkdir(target(folder)));
  const files = await unpackFiles(saved, saved.entries.filter(isFile), target);
  const { mtime } = saved.record;
  for (const link of saved.entries) {
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

async function unpackFiles(
  saved: Saved,
  files: readonly FileEntry[],
  target: (file: FileEntry) => string,
): Promise<number> {
  await checkPacked(saved);
  const { directory, manifest, entries, record } = saved;
  const offsets = offsetsOf(manifest, entries);
  const packed = await RandomAccess.open(packedFile(directory), record.packed.blocks);
  try {
    for (const file of files) {
      const bytes = packed.take(offsets.get(file.path) ?? 0, file.size);
      await writeFile(target(file), file, record.mtime, proven(bytes, file, directory));
    }
  } finally {
    await packed.close();
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

function isFile(entry: Entry): entry is FileEntry {
  return entry.type === "file";
}

function isFolder(entry: Entry): entry is Extract<Entry, { type: "directory" }> {
  return entry.type === "directory";
}
