import { ending, padding, renderHeader } from "./tar.ts";
import type { Entry, FileEntry } from "./types.ts";

export interface StreamParts {
  readonly manifest: string;
  /** Paths of unchanged files, which the host copies from its base release. */
  readonly keep: readonly string[];
  /** What is sent, sorted by path. */
  readonly entries: readonly Entry[];
  readonly mtime: number;
  /** Exactly `entry.size` bytes. Asked for in the order of `entries`. */
  readonly data: (entry: FileEntry) => AsyncIterable<Uint8Array>;
}

/** The uncompressed tar: `manifest`, `keep`, then `tree/…`. */
export async function* renderStream(parts: StreamParts): AsyncGenerator<Uint8Array> {
  const { mtime } = parts;
  yield text("manifest", parts.manifest, mtime);
  yield text("keep", parts.keep.map((path) => `${path}\n`).join(""), mtime);
  yield rootHeader(mtime);
  for (const entry of parts.entries) {
    yield treeHeader(entry, mtime);
    if (entry.type !== "file") continue;
    yield* parts.data(entry);
    yield padding(entry.size);
  }
  yield ending;
}

/** Where each file's bytes begin in the full stream. */
export function offsetsOf(
  manifest: string,
  entries: readonly Entry[],
  mtime: number,
): ReadonlyMap<string, number> {
  const offsets = new Map<string, number>();
  let at =
    text("manifest", manifest, mtime).length + text("keep", "", mtime).length + rootHeader(mtime).length;
  for (const entry of entries) {
    at += treeHeader(entry, mtime).length;
    if (entry.type !== "file") continue;
    offsets.set(entry.path, at);
    at += entry.size + padding(entry.size).length;
  }
  return offsets;
}

function text(name: string, content: string, mtime: number): Buffer {
  const data = Buffer.from(content);
  const header = renderHeader({ type: "file", name, mode: 0o644, size: data.length }, mtime);
  return Buffer.concat([header, data, padding(data.length)]);
}

/** `tree/` itself: there is a tree to extract even where every file is kept. */
function rootHeader(mtime: number): Buffer {
  return renderHeader({ type: "directory", name: "tree/", mode: 0o755, size: 0 }, mtime);
}

function treeHeader(entry: Entry, mtime: number): Buffer {
  if (entry.type === "directory") {
    return renderHeader({ type: "directory", name: `tree/${entry.path}/`, mode: entry.mode, size: 0 }, mtime);
  }
  const name = `tree/${entry.path}`;
  return entry.type === "file"
    ? renderHeader({ type: "file", name, mode: entry.mode, size: entry.size }, mtime)
    : renderHeader({ type: "link", name, mode: 0o777, size: 0, target: entry.target }, mtime);
}
