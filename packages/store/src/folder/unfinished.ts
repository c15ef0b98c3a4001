import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { UnfinishedUpload } from "../types.ts";
import { isAbsent, temporary } from "./paths.ts";

/** Longest name of a file, in bytes. */
const longest = 255;

/** The name of a temporary file tells its key where that fits, so that a leftover can be told. */
export function nameUnfinished(key: string, id: string): string {
  const name = `${id}.${encodeURIComponent(key)}`;
  return name.length <= longest ? name : id;
}

/** Files that were begun: under way, or left by a run that was killed. */
export async function listUnfinished(root: string, prefix: string): Promise<UnfinishedUpload[]> {
  const folder = join(root, temporary);
  const names = await readdir(folder).catch((error: unknown) => {
    if (isAbsent(error)) return [];
    throw error;
  });
  const all = await Promise.all(names.map((name) => lookAt(folder, name)));
  return all.filter((one) => one?.key.startsWith(prefix)).filter((one) => one !== undefined);
}

async function lookAt(folder: string, name: string): Promise<UnfinishedUpload | undefined> {
  const [, id, key = ""] = /^([0-9a-f]{16})(?:\.(.*))?$/.exec(name) ?? [];
  if (id === undefined) return undefined;
  try {
    const { mtimeMs } = await stat(join(folder, name));
    return { key: decodeURIComponent(key), since: Math.floor(mtimeMs), id };
  } catch (error) {
    if (isAbsent(error) || error instanceof URIError) return undefined;
    throw error;
  }
}
