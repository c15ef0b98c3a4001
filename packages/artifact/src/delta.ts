import { createHash } from "node:crypto";
import { damaged } from "./damaged.ts";
import { renderLine } from "./manifest.ts";
import { RandomAccess } from "./random.ts";
import { offsetsOf, renderStream } from "./stream.ts";
import { type Entry, type FileEntry, packedFile, type Saved } from "./types.ts";

/**
 * Files whose whole manifest line (type, mode, size, hash, path) is in the base too. `base` comes from a host and is
 * only ever compared: a lying one costs that host its own verification.
 */
export function keptFrom(base: string, entries: readonly Entry[]): ReadonlySet<string> {
  const lines = new Set(base.split("\n"));
  const kept = entries.filter((entry) => entry.type === "file" && lines.has(renderLine(entry).slice(0, -1)));
  return new Set(kept.map((entry) => entry.path));
}

/**
 * The stream for hosts that hold `keep` already. Of the packed file only the blocks that are needed are read, and each
 * file is what the manifest says, or it throws `artifact-damaged`.
 */
export async function* renderDelta(saved: Saved, keep: ReadonlySet<string>): AsyncGenerator<Uint8Array> {
  const { entries, manifest, record, directory } = saved;
  const offsets = offsetsOf(manifest, entries);
  const file = packedFile(directory);
  const packed = await RandomAccess.open(file, record.packed.blocks).catch((error: unknown) => {
    throw damaged(directory, "release.tar.gz cannot be read", error);
  });
  try {
    yield* renderStream({
      manifest,
      keep: [...keep],
      entries: entries.filter((entry) => !keep.has(entry.path)),
      mtime: record.mtime,
      data: (entry) => proven(packed.take(offsets.get(entry.path) ?? 0, entry.size), entry, directory),
    });
  } finally {
    await packed.close();
  }
}

/** A file's bytes, as long as they are those the manifest names. Throws `artifact-damaged`, by the end at the latest. */
export async function* proven(
  bytes: AsyncIterable<Uint8Array>,
  entry: FileEntry,
  directory: string,
): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  try {
    for await (const part of bytes) {
      hash.update(part);
      yield part;
    }
  } catch (error) {
    throw damaged(directory, `release.tar.gz cannot be read (${JSON.stringify(entry.path)})`, error);
  }
  if (hash.digest("hex") !== entry.sha256) {
    throw damaged(directory, `${JSON.stringify(entry.path)} has another digest`);
  }
}
