import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DeployError } from "@deploy/core";
import { damaged } from "./damaged.ts";
import { isTree, sortEntries } from "./entries.ts";
import { fromPacked } from "./fromPacked.ts";
import { type Room, usualRoom } from "./hold.ts";
import { parseManifest, sha256 } from "./manifest.ts";
import type { Origin } from "./origin.ts";
import { Parcels } from "./parcels.ts";
import { parseRecord } from "./record.ts";
import type { ArtifactRecord, PackedArtifact, Saved } from "./types.ts";
import { unpackOrigin } from "./unpack.ts";

/**
 * Loads what `packArtifact` wrote, in a job that has no source tree, and begins to check its bytes: what is wrong with
 * them is told to whoever asks for a parcel. Throws `artifact-missing`, `artifact-damaged`.
 */
export async function openPacked(directory: string): Promise<PackedArtifact> {
  return packedFrom(await load(directory));
}

/** What lies there, its manifest checked against its record; the stream itself is verified when it is read. */
export async function load(directory: string): Promise<Saved> {
  const record = parseRecord(await text(directory, "artifact.json"), directory);
  const manifest = await text(directory, "manifest");
  const entries = sha256(manifest) === record.artifact.manifest ? parseManifest(manifest) : undefined;
  if (entries === undefined) throw damaged(directory, "manifest has another digest");
  const sorted = sortEntries(entries);
  if (!isTree(sorted)) throw damaged(directory, "manifest names what no packing makes");
  return { directory, record, manifest, entries: sorted, verified: false };
}

export function packedFrom(saved: Saved, room?: Room): PackedArtifact {
  return offered(fromPacked(saved), saved.record, room);
}

/** What is sent, made of where its bytes are. */
export function offered(
  origin: Origin,
  { artifact, commit }: Pick<ArtifactRecord, "artifact" | "commit">,
  room: Room = usualRoom(),
): PackedArtifact {
  const { directory, manifest, mtime } = origin;
  const parcels = new Parcels(origin, room);
  return {
    ...{ artifact, commit, directory, manifest, mtime },
    parcel: (base, encoding) => parcels.parcel(base, encoding),
    roster: () => parcels.roster(),
    unpack: (to) => unpackOrigin(origin, to),
  };
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
