import { inBlocks } from "./blocks.ts";
import type { Origin } from "./origin.ts";
import { renderStream } from "./stream.ts";
import type { Entry, FileEntry } from "./types.ts";

export interface Folder {
  /** Of the run; the tree lies elsewhere. */
  readonly directory: string;
  readonly manifest: string;
  readonly entries: readonly Entry[];
  readonly mtime: number;
  take(entry: FileEntry): AsyncIterable<Uint8Array>;
}

/** A folder as it was when it was hashed. What was changed since throws `source-changed` when it is sent, and only then. */
export function fromFolder(folder: Folder): Origin {
  const { manifest, entries, mtime, take } = folder;
  const whole = () => renderStream({ manifest, keep: [], entries, mtime, data: take });
  return {
    ...folder,
    // Each file is held against its hash as it is read.
    check: async () => {},
    whole,
    gzip: async () => inBlocks(whole()),
    open: async () => ({ take, close: async () => {} }),
  };
}
