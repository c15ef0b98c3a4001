import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { DeployError } from "@deploy/core";
import { findInstalled, requireInstalled } from "./project.ts";
import { type Targets, toTargets } from "./targets.ts";

type Browserslist = (
  queries: undefined,
  options: { path: string; ignoreUnknownVersions: boolean },
) => string[];

/**
 * The browsers the project wrote down (`browserslist` in package.json, .browserslistrc), asked of its own browserslist where it
 * has one, since the answer depends on that one's data. Absent: it names none. Throws `browserslist-invalid`.
 */
export async function findTargets(folders: readonly string[]): Promise<Targets | undefined> {
  const folder = folders.find(hasBrowserslist);
  if (folder === undefined) return undefined;
  try {
    const browserslist = await load(folders);
    return toTargets(browserslist(undefined, { path: folder, ignoreUnknownVersions: true }));
  } catch (error) {
    throw new DeployError("browserslist-invalid", (error as Error).message, {
      place: { file: folder },
      cause: error,
    });
  }
}

async function load(folders: readonly string[]): Promise<Browserslist> {
  const own = findInstalled(folders, "browserslist");
  if (own?.version.startsWith("4.")) return requireInstalled(own.base, "browserslist") as Browserslist;
  return (await import("browserslist")).default as Browserslist;
}

function hasBrowserslist(folder: string): boolean {
  if (isFile(join(folder, ".browserslistrc")) || isFile(join(folder, "browserslist"))) return true;
  try {
    return "browserslist" in JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  } catch {
    return false;
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
