import { proven } from "./delta.ts";
import { load } from "./open.ts";
import { RandomAccess } from "./random.ts";
import { offsetsOf } from "./stream.ts";
import { type Entry, type FileEntry, packedFile } from "./types.ts";
import { checkPacked } from "./whole.ts";

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
  await checkPacked(saved);
  const { manifest, entries, record } = saved;
  const offsets = offsetsOf(manifest, entries);
  const packed = await RandomAccess.open(packedFile(directory), record.packed.blocks);
  return {
    entries,
    mtime: record.mtime,
    commit: record.commit,
    data: (file) => proven(packed.take(offsets.get(file.path) ?? 0, file.size), file, directory),
    close: () => packed.close(),
  };
}
