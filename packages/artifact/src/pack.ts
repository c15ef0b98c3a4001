import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Artifact } from "@deploy/core";
import { writeBlocks } from "./blocks.ts";
import { LastPack } from "./last.ts";
import { renderManifest, sha256 } from "./manifest.ts";
import { packedFrom } from "./open.ts";
import { readsOf } from "./reads.ts";
import { renderRecord } from "./record.ts";
import { renderStream } from "./stream.ts";
import {
  type ArtifactRecord,
  type Entry,
  type PackedArtifact,
  type PackOptions,
  packedFile,
} from "./types.ts";
import { unwritable } from "./write.ts";

/**
 * Packs a folder: the same tree and time give the same bytes. Every path that may not be sent is named, all at once
 * (DeployErrors). Throws `source-missing`, `source-empty`, `source-changed`, `source-unreadable`, `credentials-found`, `checkout-incomplete`,
 * `artifact-unwritable`, and what a filter throws (filter.ts).
 */
export async function packArtifact(options: PackOptions): Promise<PackedArtifact> {
  await mkdir(options.directory, { recursive: true }).catch((error: unknown) =>
    unwritable(options.directory, error),
  );
  const last = options.last && (await LastPack.open(options.last));
  // Late: most of what opens a packed release packs none.
  const { readSource } = await import("./source.ts");
  const { entries, data, newest } = await readSource(options, last);
  const mtime = options.time ?? newest;
  const manifest = renderManifest(entries);
  const before = await last?.reuse(manifest, mtime, options.directory);
  const write = async () => {
    const hash = createHash("sha256");
    const stream = renderStream({ manifest, keep: [], entries, mtime, data });
    const packed = await writeBlocks(packedFile(options.directory), stream, hash);
    return { packed, artifact: { digest: hash.digest("hex") } };
  };
  const { packed, artifact } = before ?? (await write());
  const record: ArtifactRecord = {
    schema: 1,
    artifact: {
      ...count(entries, artifact.digest, sha256(manifest)),
      ...(options.reads === undefined ? {} : { reads: readsOf(options.reads, entries) }),
    },
    mtime,
    commit: options.commit ?? "",
    packed,
  };
  await writeText(join(options.directory, "manifest"), manifest);
  await writeText(join(options.directory, "artifact.json"), renderRecord(record));
  await last?.keep(record, options.directory);
  return packedFrom({ directory: options.directory, record, manifest, entries, verified: true });
}

function count(entries: readonly Entry[], digest: string, manifest: string): Artifact {
  const sent = entries.filter((entry) => entry.type !== "directory");
  const bytes = sent.reduce((sum, entry) => sum + (entry.type === "file" ? entry.size : 0), 0);
  return { digest, manifest, files: sent.length, bytes };
}

async function writeText(file: string, text: string): Promise<void> {
  await writeFile(file, text).catch((error: unknown) => unwritable(file, error));
}
