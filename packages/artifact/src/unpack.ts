import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { DeployError } from "@deploy/core";
import { damaged } from "./damaged.ts";
import { hashing, readGzip } from "./gzip.ts";
import { load } from "./open.ts";
import { Sequence } from "./sequence.ts";
import { offsetsOf } from "./stream.ts";
import type { FileEntry } from "./types.ts";

/**
 * Brings the files of one folder of a packed release into `to`, for a job that has no source tree. Links are left out.
 * Every byte of the artifact is verified; throws `artifact-missing`, `artifact-damaged`, and `source-missing` where the
 * release has no such folder.
 */
export async function unpackFolder(directory: string, folder: string, to: string): Promise<number> {
  const { entries, manifest, record } = await load(directory);
  const inside = (path: string) => path.startsWith(`${folder}/`);
  const files = entries.filter((entry): entry is FileEntry => entry.type === "file" && inside(entry.path));
  if (files.length === 0) {
    throw new DeployError("source-missing", `The packed release has no file below ${folder}`);
  }
  const hash = createHash("sha256");
  const full = new Sequence(hashing(readGzip(join(directory, "release.tar.gz")), hash));
  const offsets = offsetsOf(manifest, entries, record.mtime);
  try {
    for (const entry of files) {
      const target = join(to, entry.path.slice(folder.length + 1));
      await mkdir(dirname(target), { recursive: true });
      const bytes = full.take(offsets.get(entry.path) ?? 0, entry.size);
      await pipeline(bytes, createWriteStream(target, { flags: "wx" }));
    }
    await full.drain();
  } catch (error) {
    throw damaged(directory, "release.tar.gz cannot be read to its end", error);
  }
  if (hash.digest("hex") !== record.artifact.digest)
    throw damaged(directory, "release.tar.gz has another digest");
  return files.length;
}
