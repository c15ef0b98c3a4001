import { constants, type Stats } from "node:fs";
import { copyFile, mkdir, rename, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { DeployError } from "@deploy/core";
import { digestFile, unreadable } from "../fingerprint/digest.ts";
import { inParallel } from "../fingerprint/parallel.ts";
import { foldersOf } from "./names.ts";
import { indexName, type Owned, pendingName } from "./previous.ts";
import { type Output, statsOf } from "./target.ts";

/** Beside the output, so that a file moves by one rename. A leftover of a killed run is removed. */
export function stagingOf(output: string): string {
  return join(dirname(output), `.${basename(output)}.deploy-staging`);
}

/**
 * Makes the output folder hold `outputs` (`changed` of them are not there yet) and nothing else of ours: all new files
 * are ready before the first is moved, and the index is moved last. Other files in the folder stay.
 */
export async function replaceOutputs(
  output: string,
  changed: readonly Output[],
  outputs: readonly Output[],
  owned: Owned,
  signal?: AbortSignal,
): Promise<void> {
  const staging = stagingOf(output);
  const gone = [...owned.keys()].filter((path) => !outputs.some((each) => each.path === path));
  await rm(staging, { recursive: true, force: true });
  try {
    await prepare(staging, changed, signal);
    await mkdir(output, { recursive: true });
    if (changed.length > 1) {
      await writeFile(join(output, pendingName), changed.map(({ path }) => `${path}\n`).join(""));
    }
    await removeBlocking(output, outputs, owned);
    for (const { path } of changed) if (path !== indexName) await move(staging, output, path);
    for (const path of gone) if (path !== pendingName) await removeOwned(output, path, owned.get(path));
    if (changed.some(({ path }) => path === indexName)) await move(staging, output, indexName);
    await rm(join(output, pendingName), { force: true });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function move(staging: string, output: string, path: string): Promise<void> {
  await mkdir(dirname(join(output, path)), { recursive: true });
  await rename(join(staging, path), join(output, path));
}

async function prepare(staging: string, changed: readonly Output[], signal?: AbortSignal): Promise<void> {
  const folders = new Set(changed.map(({ path }) => dirname(join(staging, path))));
  for (const folder of [staging, ...folders]) await mkdir(folder, { recursive: true });
  await inParallel(changed, 8, async ({ path, contents, size }) => {
    signal?.throwIfAborted();
    const file = join(staging, path);
    if (contents.kind === "bytes") return writeFile(file, contents.bytes);
    const copied = await copy(contents.absolute, file);
    if (copied.size === size) return;
    throw new DeployError("asset-unreadable", `It changed while it was copied`, {
      place: { file: contents.absolute },
    });
  });
}

async function copy(from: string, to: string): Promise<Stats> {
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE);
    return await stat(to);
  } catch (error) {
    throw unreadable(from, error);
  }
}

/** Files of an older build where the new one has a folder. */
async function removeBlocking(output: string, outputs: readonly Output[], owned: Owned): Promise<void> {
  const folders = new Set(outputs.flatMap(({ path }) => foldersOf(path)));
  for (const folder of folders) if (owned.has(folder)) await rm(join(output, folder), { force: true });
}

/** Removes what we made, unless it was changed since, lies behind a link, or is no file any more. */
async function removeOwned(output: string, path: string, sha256: string | undefined): Promise<void> {
  for (const folder of foldersOf(path)) {
    if ((await statsOf(join(output, folder)))?.isDirectory() !== true) return;
  }
  const absolute = join(output, path);
  const there = await statsOf(absolute);
  if (there?.isFile() !== true) return;
  if (sha256 !== undefined && (await digestFile(absolute, there.size)) !== sha256) return;
  await rm(absolute, { force: true });
  for (const folder of foldersOf(path).toReversed()) {
    const removed = await rmdir(join(output, folder)).then(
      () => true,
      () => false,
    );
    if (!removed) return;
  }
}
