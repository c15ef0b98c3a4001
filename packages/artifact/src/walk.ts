import { lstatSync, readlinkSync, type Stats } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Problem } from "@deploy/core";
import { sortEntries } from "./entries.ts";
import type { LeftOut } from "./exclude.ts";
import { checkLinks } from "./links.ts";
import { broken, checkName, checkStats, refuse, tried } from "./refusals.ts";

/** Something found, not yet hashed. */
export type Found =
  | { readonly type: "directory"; readonly path: string; readonly mode: number }
  | { readonly type: "file"; readonly path: string; readonly mode: number; readonly stats: Stats }
  | { readonly type: "link"; readonly path: string; readonly target: string };

export type FoundFile = Extract<Found, { type: "file" }>;

export interface Walked {
  /** Sorted by the bytes of their paths: a folder comes before what is in it. */
  readonly found: readonly Found[];
  readonly problems: readonly Problem[];
}

/** Everything below `root` that is not left out, links not followed, and every reason not to send it. */
export async function walk(root: string, leftOut: LeftOut): Promise<Walked> {
  const found: Found[] = [];
  const problems: Problem[] = [];
  const folders = [""];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const name of await list(root, folder, leftOut, problems)) {
      const path = folder === "" ? name : `${folder}/${name}`;
      const one = look(root, path, leftOut, problems);
      if (one === undefined) continue;
      found.push(one);
      if (one.type === "directory") folders.push(path);
    }
  }
  const sorted = sortEntries(found);
  return { found: sorted, problems: [...problems, ...checkLinks(sorted)] };
}

/** At once: to wait for another thread costs three times as much as to look (measured). */
function look(root: string, path: string, leftOut: LeftOut, problems: Problem[]): Found | undefined {
  const stats = tried(path, () => lstatSync(join(root, path)));
  if (leftOut(path, stats.isDirectory())) return undefined;
  const problem = checkName(path) ?? checkStats(path, stats);
  if (problem !== undefined) {
    problems.push(problem);
    return undefined;
  }
  // As git has it: whether it is a program. The rest is the umask of whoever checked it out.
  const mode = stats.isDirectory() || (stats.mode & 0o100) !== 0 ? 0o755 : 0o644;
  if (stats.isDirectory()) return { type: "directory", path, mode };
  if (stats.isFile()) return { type: "file", path, mode, stats };
  const target = decode(tried(path, () => readlinkSync(join(root, path), { encoding: "buffer" })));
  if (target !== undefined) return { type: "link", path, target };
  problems.push(refuse("link-refused", path, "The link's target is not valid UTF-8"));
  return undefined;
}

async function list(
  root: string,
  folder: string,
  leftOut: LeftOut,
  problems: Problem[],
): Promise<readonly string[]> {
  const names: string[] = [];
  const listed = await readdir(join(root, folder), { encoding: "buffer" }).catch((error: unknown) =>
    broken(folder === "" ? "." : folder, error),
  );
  for (const bytes of listed) {
    const name = decode(bytes);
    if (name !== undefined) names.push(name);
    else if (!leftOut(join(folder, bytes.toString("utf8")), false)) {
      const path = join(folder, bytes.toString("latin1"));
      problems.push(refuse("name-refused", path, "The name is not valid UTF-8"));
    }
  }
  return names;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decode(bytes: Buffer): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}
