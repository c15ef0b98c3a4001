import { createHash } from "node:crypto";
import { open } from "node:fs";
import { promisify } from "node:util";
import { damaged } from "./damaged.ts";
import type { Origin, Reader } from "./origin.ts";
import { RandomAccess } from "./random.ts";
import { SharedFile } from "./shared.ts";
import { offsetsOf } from "./stream.ts";
import { type FileEntry, packedFile, type Saved } from "./types.ts";
import { checkPacked, readWhole } from "./whole.ts";

/** A packed file, which was written by this process a moment ago, or is checked: begun now, before anybody asks. */
export function fromPacked(saved: Saved): Origin {
  const { directory, manifest, entries, record, verified } = saved;
  const checked = verified ? Promise.resolve() : checkPacked(saved);
  checked.catch(() => {});
  return {
    ...{ directory, manifest, entries, mtime: record.mtime },
    check: () => checked,
    whole: () => readWhole(saved),
    async gzip() {
      if (!verified) for await (const _ of readWhole(saved));
      const { size, digest } = record.packed;
      const descriptor = await openDescriptor(packedFile(directory), "r").catch((error: unknown) =>
        unreadable(directory, error),
      );
      const shared = new SharedFile(descriptor, size);
      return { encoding: "gzip", bytes: size, saved: 0, digest, read: () => shared.read() };
    },
    open: () => openReader(saved),
  };
}

/** Of the packed file only the blocks that are needed are read. Throws `artifact-damaged`. */
async function openReader({ directory, manifest, entries, record }: Saved): Promise<Reader> {
  const offsets = offsetsOf(manifest, entries);
  const packed = await RandomAccess.open(packedFile(directory), record.packed.blocks).catch(
    (error: unknown) => unreadable(directory, error),
  );
  return {
    take: (entry) => proven(packed.take(offsets.get(entry.path) ?? 0, entry.size), entry, directory),
    close: () => packed.close(),
  };
}

/** A file's bytes, as long as they are those the manifest names. Throws `artifact-damaged`, by the end at the latest. */
async function* proven(
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

function unreadable(directory: string, error: unknown): never {
  throw damaged(directory, "release.tar.gz cannot be read", error);
}

/** A number, not a handle: Node warns about handles that nobody closes by hand. */
const openDescriptor = promisify(open);
