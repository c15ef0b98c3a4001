import { realpath } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { DeployError } from "@deploy/core";

/**
 * Refuses an output folder in or around the source, or, where that is not known, around a file to be copied; links
 * resolved (`assets-output`).
 */
export async function checkOverlap(
  output: string,
  source: string | undefined,
  copied: readonly string[],
): Promise<void> {
  const target = await real(output);
  for (const folder of source === undefined ? new Set(copied.map(dirname)) : [source]) {
    const from = await real(folder);
    if (!contains(target, from) && (source === undefined || !contains(from, target))) continue;
    throw new DeployError(
      "assets-output",
      `The output folder "${output}" and the source "${folder}" overlap`,
    );
  }
}

function contains(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`));
}

/** The path with its links resolved, as far as it exists. */
async function real(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(await real(parent), basename(path));
  }
}
