import { fromPacked } from "./fromPacked.ts";
import { load } from "./open.ts";
import type { Entry, FileEntry } from "./types.ts";

/** The tree of a packed release, without the archive around it: to be packed in another form. */
export interface PackedTree {
  /** Sorted by path, a folder before what is in it. */
  readonly entries: readonly Entry[];
  /** Of all of it, seconds since 1970. */
  readonly mtime: number;
  /** Full hash, "" where unknown. */
  readonly commit: string;
  /** The bytes of one file, each verified before the end; one reader at a time, cheapest in the order of `entries`. Throws `artifact-damaged`. */
  data(file: FileEntry): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/** Opens what `packArtifact` wrote. Throws `artifact-missing`, `artifact-damaged`. */
export async function openTree(directory: string): Promise<PackedTree> {
  const saved = await load(directory);
  const origin = fromPacked(saved);
  await origin.check();
  const { take, close } = await origin.open();
  return { entries: origin.entries, mtime: origin.mtime, commit: saved.record.commit, data: take, close };
}
