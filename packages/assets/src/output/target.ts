import type { Stats } from "node:fs";
import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { DeployError, DeployErrors, type Problem } from "@deploy/core";
import { digestFile } from "../fingerprint/digest.ts";
import { inParallel } from "../fingerprint/parallel.ts";
import type { Contents } from "../types.ts";
import { foldersOf } from "./names.ts";
import type { Owned } from "./previous.ts";

/** A file to be written. */
export interface Output {
  readonly path: string;
  readonly contents: Contents;
  readonly size: number;
  readonly sha256: string;
}

/**
 * The outputs whose bytes are not there yet. Refuses all at once what is in the way and not ours: files with other
 * bytes, links, folders (DeployErrors of `assets-output`).
 */
export async function changedOutputs(
  output: string,
  outputs: readonly Output[],
  owned: Owned,
): Promise<readonly Output[]> {
  const problems: Problem[] = [];
  await checkFolders(output, outputs, owned, problems);
  const states = await inParallel(outputs, 8, async (each) => ({
    each,
    ...(await stateOf(output, each, owned)),
  }));
  // In the order of the outputs, whichever was read first.
  for (const { each, refused } of states)
    if (refused !== undefined) problems.push(inTheWay(each.path, refused));
  if (problems.length > 0) throw new DeployErrors(problems);
  return states.filter(({ changed }) => changed).map(({ each }) => each);
}

async function stateOf(
  output: string,
  { path, size, sha256 }: Output,
  owned: Owned,
): Promise<{ readonly changed: boolean; readonly refused?: string }> {
  const there = await statsOf(join(output, path));
  if (there === undefined) return { changed: true };
  if (!there.isFile()) return { changed: false, refused: "is no file" };
  const absolute = join(output, path);
  const same = there.size === size && (await digestFile(absolute, size)) === sha256;
  if (same) return { changed: false };
  return owned.has(path) ? { changed: true } : { changed: true, refused: "has other bytes and is not ours" };
}

/** A link among the folders would lead our files elsewhere. A file of an older build gives way to a folder. */
async function checkFolders(
  output: string,
  outputs: readonly Output[],
  owned: Owned,
  problems: Problem[],
): Promise<void> {
  const folders = new Set(outputs.flatMap(({ path }) => foldersOf(path)));
  for (const folder of [...folders].sort()) {
    const there = await statsOf(join(output, folder));
    if (there === undefined || there.isDirectory()) continue;
    if (!(there.isFile() && owned.has(folder))) problems.push(inTheWay(folder, "is no folder"));
  }
}

export async function statsOf(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(String((error as NodeJS.ErrnoException).code))) return undefined;
    throw error;
  }
}

function inTheWay(path: string, why: string): Problem {
  return new DeployError("assets-output", `In the output folder "${path}" ${why}`, { place: { path } })
    .problem;
}
