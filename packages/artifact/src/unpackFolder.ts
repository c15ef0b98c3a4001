import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DeployError } from "@deploy/core";
import { fromPacked } from "./fromPacked.ts";
import { load } from "./open.ts";
import type { Entry } from "./types.ts";
import { isFile, unpackFiles } from "./unpack.ts";

/**
 * Brings the files of one folder of a packed release into `to`, for a job that has no source tree. Links are left out.
 * Nothing is taken from a damaged artifact; throws `artifact-missing`, `artifact-damaged`, `artifact-unwritable`, and
 * `source-missing` where the release has no such folder.
 */
export async function unpackFolder(directory: string, folder: string, to: string): Promise<number> {
  const origin = fromPacked(await load(directory));
  const files = origin.entries.filter(isFile).filter(({ path }) => path.startsWith(`${folder}/`));
  if (files.length === 0) {
    throw new DeployError("source-missing", `The packed release has no file below ${folder}`);
  }
  const target = ({ path }: Entry) => join(to, path.slice(folder.length + 1));
  for (const parent of new Set(files.map((file) => dirname(target(file))))) {
    await mkdir(parent, { recursive: true });
  }
  return unpackFiles(origin, files, target);
}
