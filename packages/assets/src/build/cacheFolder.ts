import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type CacheIndex, emptyIndex, readIndex, writeIndex } from "./cacheIndex.ts";
import { sha256 } from "./hashes.ts";

/** `<cache>/build/<name>.json` per source folder, and what they name under `<cache>/build/objects/<sha256>`. */
export interface CacheFolder {
  index(): CacheIndex;
  /** Undefined where it is absent or not what its name says. */
  object(digest: string): Uint8Array | undefined;
  /** Returns the name. */
  keep(bytes: Uint8Array): string;
  /** Writes the index and removes objects that no index names. */
  close(index: CacheIndex): void;
}

/** Source folders whose last build is remembered; older ones are forgotten. */
const mostIndexes = 8;

/** A cache that cannot be written is no fault of the build: nothing here throws. */
export function openCache(folder: string, name: string): CacheFolder {
  const build = join(folder, "build");
  const objects = join(build, "objects");
  const file = join(build, `${name}.json`);
  return {
    index: () => attempt(() => readIndex(readFileSync(file, "utf8"))) ?? emptyIndex,
    object: (digest) =>
      attempt(() => {
        const bytes = /^[0-9a-f]{64}$/.test(digest) ? readFileSync(join(objects, digest)) : undefined;
        return bytes !== undefined && sha256(bytes) === digest ? bytes : undefined;
      }),
    keep: (bytes) => {
      const digest = sha256(bytes);
      attempt(() => place(objects, digest, bytes));
      return digest;
    },
    close: (index) =>
      void attempt(() => {
        place(build, `${name}.json`, writeIndex(index));
        prune(build, objects);
      }),
  };
}

/** Whole or not at all, for whoever reads meanwhile. */
function place(folder: string, name: string, bytes: string | Uint8Array): void {
  mkdirSync(folder, { recursive: true });
  const partial = join(folder, `${name}.${process.pid}.partial`);
  writeFileSync(partial, bytes);
  renameSync(partial, join(folder, name));
}

function prune(build: string, objects: string): void {
  const indexes = readdirSync(build)
    .filter((name) => name.endsWith(".json"))
    .map((name) => ({ path: join(build, name), time: statSync(join(build, name)).mtimeMs }))
    .sort((a, b) => b.time - a.time);
  for (const { path } of indexes.splice(mostIndexes)) rmSync(path, { force: true });
  const named = new Set(indexes.flatMap(({ path }) => namesIn(path)));
  for (const name of readdirSync(objects)) {
    if (!named.has(name)) rmSync(join(objects, name), { force: true });
  }
}

function namesIn(path: string): readonly string[] {
  const { records } = readIndex(readFileSync(path, "utf8"));
  return Object.values(records).flatMap(({ bytes, map }) => (map === undefined ? [bytes] : [bytes, map]));
}

function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
