import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Artifact } from "@deploy/core";
import { writeBlocks } from "./blocks.ts";
import { fromFolder } from "./fromFolder.ts";
import { renderManifest, sha256 } from "./manifest.ts";
import { offered, packedFrom } from "./open.ts";
import { readsOf } from "./reads.ts";
import { renderRecord } from "./record.ts";
import type { Source } from "./source.ts";
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
  // Late: most of what opens a packed release packs none.
  const [{ LastPack }, { readSource }] = await Promise.all([import("./last.ts"), import("./source.ts")]);
  const last = options.last && (await LastPack.open(options.last));
  const { entries, data, take, newest } = await readSource(options, last);
  await last?.keep();
  const tree: Tree = { entries, mtime: options.time ?? newest, manifest: renderManifest(entries) };
  return options.late ? offer(tree, take, options) : write(tree, data, options);
}

interface Tree {
  readonly entries: readonly Entry[];
  readonly mtime: number;
  readonly manifest: string;
}

function offer(tree: Tree, take: Source["take"], options: PackOptions): PackedArtifact {
  const { directory, commit = "" } = options;
  const digest = sha256(`${sha256(tree.manifest)} ${tree.mtime}`);
  return offered(fromFolder({ ...tree, directory, take }), {
    artifact: artifactOf(tree, digest, options),
    commit,
  });
}

async function write(tree: Tree, data: Source["data"], options: PackOptions): Promise<PackedArtifact> {
  const { directory, commit = "" } = options;
  const { entries, mtime, manifest } = tree;
  const hash = createHash("sha256");
  const stream = renderStream({ manifest, keep: [], entries, mtime, data });
  const packed = await writeBlocks(packedFile(directory), stream, hash);
  const artifact = artifactOf(tree, hash.digest("hex"), options);
  const record: ArtifactRecord = { schema: 1, artifact, mtime, commit, packed };
  await writeText(join(directory, "manifest"), manifest);
  await writeText(join(directory, "artifact.json"), renderRecord(record));
  return packedFrom({ directory, record, manifest, entries, verified: true });
}

function artifactOf({ entries, manifest }: Tree, digest: string, { reads }: PackOptions): Artifact {
  return {
    ...count(entries, digest, sha256(manifest)),
    ...(reads === undefined ? {} : { reads: readsOf(reads, entries) }),
  };
}

function count(entries: readonly Entry[], digest: string, manifest: string): Artifact {
  const sent = entries.filter((entry) => entry.type !== "directory");
  const bytes = sent.reduce((sum, entry) => sum + (entry.type === "file" ? entry.size : 0), 0);
  return { digest, manifest, files: sent.length, bytes };
}

async function writeText(file: string, text: string): Promise<void> {
  await writeFile(file, text).catch((error: unknown) => unwritable(file, error));
}
