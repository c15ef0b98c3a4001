import { createHash } from "node:crypto";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { damaged } from "./damaged.ts";
import { hashing, readGzip, writeGzip } from "./gzip.ts";
import { renderLine, sha256 } from "./manifest.ts";
import { Sequence } from "./sequence.ts";
import { offsetsOf, renderStream } from "./stream.ts";
import type { Entry, Saved } from "./types.ts";

/**
 * Files whose whole manifest line (type, mode, size, hash, path) is in the base too. `base` comes from a host and is
 * only ever compared: a lying one costs that host its own verification.
 */
export function keptFrom(base: string, entries: readonly Entry[]): ReadonlySet<string> {
  const lines = new Set(base.split("\n"));
  const kept = entries.filter((entry) => entry.type === "file" && lines.has(renderLine(entry).slice(0, -1)));
  return new Set(kept.map((entry) => entry.path));
}

/** Writes the stream for hosts that hold `keep` already, out of the full stream, which is verified on the way. */
export async function writeDelta(saved: Saved, base: string, keep: ReadonlySet<string>): Promise<string> {
  const { entries, manifest, directory } = saved;
  const { mtime, artifact } = saved.record;
  const hash = createHash("sha256");
  const full = new Sequence(hashing(readGzip(join(directory, "release.tar.gz")), hash));
  const offsets = offsetsOf(manifest, entries, mtime);
  const stream = renderStream({
    manifest,
    keep: [...keep],
    entries: entries.filter((entry) => !keep.has(entry.path)),
    mtime,
    data: (entry) => full.take(offsets.get(entry.path) ?? 0, entry.size),
  });
  const file = join(directory, `delta-${sha256(base).slice(0, 16)}.tar.gz`);
  try {
    await writeGzip(`${file}.partial`, stream);
    await full.drain();
  } catch (error) {
    throw damaged(directory, "release.tar.gz cannot be read to its end", error);
  }
  if (hash.digest("hex") !== artifact.digest) throw damaged(directory, "release.tar.gz has another digest");
  await rename(`${file}.partial`, file);
  return file;
}
