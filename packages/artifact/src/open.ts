import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { DeployError } from "@deploy/core";
import { damaged } from "./damaged.ts";
import { keptFrom, writeDelta } from "./delta.ts";
import { hashing, readGzip } from "./gzip.ts";
import { parseManifest, sha256 } from "./manifest.ts";
import { parseRecord } from "./record.ts";
import type { PackedArtifact, Parcel, Saved } from "./types.ts";

/** Loads what `packArtifact` wrote, in a job that has no source tree. Throws `artifact-missing`, `artifact-damaged`. */
export async function openPacked(directory: string): Promise<PackedArtifact> {
  return packedFrom(await load(directory));
}

/** What lies there, its manifest checked against its record; the stream itself is verified when it is read. */
export async function load(directory: string): Promise<Saved> {
  const record = parseRecord(await text(directory, "artifact.json"), directory);
  const manifest = await text(directory, "manifest");
  const entries = sha256(manifest) === record.artifact.manifest ? parseManifest(manifest) : undefined;
  if (entries === undefined) throw damaged(directory, "manifest has another digest");
  const sorted = [...entries].sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
  return { directory, record, manifest, entries: sorted, verified: false };
}

export function packedFrom(saved: Saved): PackedArtifact {
  const { record, manifest, directory } = saved;
  const files = new Map<string, Promise<string>>();
  const fileFor = (base: string | null): Promise<string> => {
    const key = base === null ? "" : sha256(base);
    const known = files.get(key) ?? makeFile(saved, base, () => fileFor(null));
    files.set(key, known);
    known.catch(() => files.delete(key));
    return known;
  };
  return {
    artifact: record.artifact,
    manifest,
    mtime: record.mtime,
    commit: record.commit,
    directory,
    async parcel(base, _encoding) {
      const file = await fileFor(base);
      const keep = base === null ? new Set<string>() : keptFrom(base, saved.entries);
      const sizes = saved.entries.map((entry) =>
        entry.type === "file" && keep.has(entry.path) ? entry.size : 0,
      );
      return parcelOf(
        file,
        sizes.reduce((sum, size) => sum + size, 0),
      );
    },
    roster: () => Promise.reject(new Error("not built yet")),
  };
}

async function parcelOf(file: string, saved: number): Promise<Parcel> {
  const hash = createHash("sha256");
  for await (const part of createReadStream(file)) hash.update(part);
  return {
    encoding: "gzip",
    bytes: (await stat(file)).size,
    saved,
    digest: hash.digest("hex"),
    read: () => createReadStream(file, { highWaterMark: 256 * 1024 }) as AsyncIterable<Uint8Array>,
  };
}

async function makeFile(saved: Saved, base: string | null, full: () => Promise<string>): Promise<string> {
  if (base === null) return fullFile(saved);
  const keep = keptFrom(base, saved.entries);
  return keep.size === 0 ? full() : writeDelta(saved, base, keep);
}

/** The full stream, its digest checked once before anything is sent. */
async function fullFile(saved: Saved): Promise<string> {
  const file = join(saved.directory, "release.tar.gz");
  if (saved.verified) return file;
  const hash = createHash("sha256");
  try {
    for await (const _ of hashing(readGzip(file), hash));
  } catch (error) {
    throw damaged(saved.directory, "release.tar.gz cannot be read to its end", error);
  }
  if (hash.digest("hex") === saved.record.artifact.digest) return file;
  throw damaged(saved.directory, "release.tar.gz has another digest");
}

async function text(directory: string, name: string): Promise<string> {
  try {
    return await readFile(join(directory, name), "utf8");
  } catch (error) {
    throw new DeployError("artifact-missing", `There is no packed release in "${directory}": no ${name}`, {
      cause: error,
    });
  }
}
