import { ending, headerSize, padding, paddingSize, renderHeader, type TarEntry } from "./tar.ts";
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
  yield renderHeader(root, mtime);
  for (const entry of parts.entries) {
    yield renderHeader(described(entry), mtime);
    if (entry.type !== "file") continue;
    yield* parts.data(entry);
    yield padding(entry.size);
  }
  yield ending;
}

/** Where each file's bytes begin in the full stream. */
export function offsetsOf(manifest: string, entries: readonly Entry[]): ReadonlyMap<string, number> {
  return measure(manifest, entries).offsets;
}

/** Bytes of the full stream, uncompressed. */
export function streamSize(manifest: string, entries: readonly Entry[]): number {
  return measure(manifest, entries).size;
}

function measure(
  manifest: string,
  entries: readonly Entry[],
): { readonly offsets: ReadonlyMap<string, number>; readonly size: number } {
  const offsets = new Map<string, number>();
  let at = textSize("manifest", Buffer.byteLength(manifest)) + textSize("keep", 0) + headerSize(root);
  for (const entry of entries) {
    at += headerSize(described(entry));
    if (entry.type !== "file") continue;
    offsets.set(entry.path, at);
    at += entry.size + paddingSize(entry.size);
  }
  return { offsets, size: at + ending.length };
}

function textSize(name: string, size: number): number {
  return headerSize({ name }) + size + paddingSize(size);
}

function text(name: string, content: string, mtime: number): Buffer {
  const data = Buffer.from(content);
  const header = renderHeader({ type: "file", name, mode: 0o644, size: data.length }, mtime);
  return Buffer.concat([header, data, padding(data.length)]);
}

/** `tree/` itself: there is a tree to extract even where every file is kept. */
const root: TarEntry = { type: "directory", name: "tree/", mode: 0o755, size: 0 };

function described(entry: Entry): TarEntry {
  const name = `tree/${entry.path}`;
  if (entry.type === "directory") return { type: "directory", name: `${name}/`, mode: entry.mode, size: 0 };
  return entry.type === "file"
    ? { type: "file", name, mode: entry.mode, size: entry.size }
    : { type: "link", name, mode: 0o777, size: 0, target: entry.target };
}
