import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { compareKeys } from "../key.ts";
import type { StoredObject } from "../types.ts";
import { statsOf } from "./details.ts";
import { isAbsent, metadata, temporary } from "./paths.ts";

/** All files whose key begins with `prefix`, in byte order of the keys. Symbolic links, and what is neither file nor folder, are no objects. */
export async function* walkFiles(root: string, prefix: string, below = ""): AsyncGenerator<StoredObject> {
  for (const { key, folder } of await entriesOf(root, below)) {
    if (folder) {
      if (key.startsWith(prefix) || prefix.startsWith(key)) yield* walkFiles(root, prefix, key);
    } else if (key.startsWith(prefix)) {
      const stats = await statsOf(join(root, key));
      // Undefined: removed since the folder was read.
      if (stats !== undefined) yield { key, size: Number(stats.size), modified: Number(stats.mtimeMs) };
    }
  }
}

interface Entry {
  /** A folder's ends with `/`, which is also how it sorts among its neighbours. */
  readonly key: string;
  readonly folder: boolean;
}

async function entriesOf(root: string, below: string): Promise<Entry[]> {
  const entries = await readdir(join(root, below), { withFileTypes: true }).catch(
    (error: unknown): Dirent[] => {
      if (isAbsent(error)) return [];
      throw error;
    },
  );
  return entries
    .filter((entry) => entry.isFile() || entry.isDirectory())
    .filter((entry) => below !== "" || (entry.name !== temporary && entry.name !== metadata))
    .map((entry) => ({
      key: `${below}${entry.name}${entry.isDirectory() ? "/" : ""}`,
      folder: entry.isDirectory(),
    }))
    .sort((one, other) => compareKeys(one.key, other.key));
}
