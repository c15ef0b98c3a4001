import type { Warning } from "../compile/compiled.ts";
import { sha256 } from "./hashes.ts";

/** What is known of one source from the last build: all it depended on, and where its results lie. */
export interface CacheRecord {
  /** Digest of tools, options and language. */
  readonly key: string;
  /** Index in `files` and `folders`. */
  readonly inputs: readonly number[];
  readonly folders: readonly number[];
  /** SHA-256 of the result and of its source map, which are also their names in the cache. */
  readonly bytes: string;
  readonly map?: string;
  readonly before: number;
  readonly warnings: readonly Warning[];
}

/** One build of one source folder. Paths are relative to the repository where they lie in it. */
export interface CacheIndex {
  readonly schema: 1;
  readonly files: readonly (readonly [path: string, sha256: string])[];
  readonly folders: readonly (readonly [path: string, digest: string])[];
  /** By source path. */
  readonly records: Readonly<Record<string, CacheRecord>>;
}

export const emptyIndex: CacheIndex = { schema: 1, files: [], folders: [], records: {} };

/** Its own digest on the first line: what was cut off or changed is no index. */
export function writeIndex(index: CacheIndex): string {
  const json = JSON.stringify(index);
  return `${sha256(json)}\n${json}\n`;
}

/** An index that cannot be read is an empty one: a cache may be lost at any time. */
export function readIndex(text: string): CacheIndex {
  const [digest, json = ""] = text.split("\n");
  if (digest !== sha256(json)) return emptyIndex;
  const index = JSON.parse(json) as { schema?: unknown };
  return index.schema === 1 ? (index as CacheIndex) : emptyIndex;
}
