import type { BigIntStats } from "node:fs";
import { lstat } from "node:fs/promises";
import type { ObjectDetails } from "../types.ts";
import { isAbsent, pathOf } from "./paths.ts";
import { readSidecar } from "./sidecar.ts";

/** Undefined: there is no such file. */
export async function findFile(root: string, key: string): Promise<ObjectDetails | undefined> {
  const stats = await statsOf(await pathOf(root, key));
  if (stats === undefined) return undefined;
  const { key: _, ...told } = (await readSidecar(root, key, stats.mtimeNs)) ?? { key, metadata: {} };
  return { key, size: Number(stats.size), modified: Number(stats.mtimeMs), etag: etagOf(stats), ...told };
}

/** Of this version of a file: no two that we write share a time of change (see appear.ts). */
export function etagOf({ mtimeNs, size, ino }: BigIntStats): string {
  return `${mtimeNs}-${size}-${ino}`;
}

/** Of a file; undefined for anything else, and for nothing. */
export async function statsOf(path: string): Promise<BigIntStats | undefined> {
  try {
    const stats = await lstat(path, { bigint: true });
    return stats.isFile() ? stats : undefined;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}
