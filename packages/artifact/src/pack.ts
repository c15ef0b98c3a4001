import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Artifact } from "@deploy/core";
import { hashing, writeGzip } from "./gzip.ts";
import { renderManifest, sha256 } from "./manifest.ts";
import { packedFrom } from "./open.ts";
import { readSource } from "./source.ts";
import { renderStream } from "./stream.ts";
import type { ArtifactRecord, Entry, PackedArtifact, PackOptions } from "./types.ts";

/**
 * Packs a folder: the same tree and time give the same bytes. Every path that may not be sent is named, all at once
 * (DeployErrors). Throws `source-missing`, `source-empty`, `source-changed`, `source-unreadable`.
 */
export async function packArtifact(options: PackOptions): Promise<PackedArtifact> {
  await mkdir(options.directory, { recursive: true });
  const { entries, data, newest } = await readSource(options);
  const mtime = options.time ?? newest;
  const manifest = renderManifest(entries);
  const hash = createHash("sha256");
  await writeGzip(
    join(options.directory, "release.tar.gz"),
    hashing(renderStream({ manifest, keep: [], entries, mtime, data }), hash),
  );
  const record: ArtifactRecord = {
    schema: 1,
    artifact: count(entries, hash.digest("hex"), sha256(manifest)),
    mtime,
    commit: options.commit ?? "",
  };
  await writeFile(join(options.directory, "manifest"), manifest);
  await writeFile(join(options.directory, "artifact.json"), `${JSON.stringify(record, null, 2)}\n`);
  return packedFrom({ directory: options.directory, record, manifest, entries, verified: true });
}

function count(entries: readonly Entry[], digest: string, manifest: string): Artifact {
  const sent = entries.filter((entry) => entry.type !== "directory");
  const bytes = sent.reduce((sum, entry) => sum + (entry.type === "file" ? entry.size : 0), 0);
  return { digest, manifest, files: sent.length, bytes };
}
