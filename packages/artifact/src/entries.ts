import { checkLinks } from "./links.ts";
import { sortBytes } from "./manifest.ts";
import { checkName } from "./refusals.ts";
import type { Entry } from "./types.ts";

/** In the order of the stream: a folder comes before what is in it. */
export function sortEntries<T extends { readonly path: string }>(entries: readonly T[]): T[] {
  return sortBytes(entries, ({ path }) => path);
}

/**
 * Whether sorted entries are a tree as packing makes them: each once, each in a folder that was named before, under a
 * name that packing allows, no link leading out. What is unpacked from such a list stays in its folder.
 */
export function isTree(entries: readonly Entry[]): boolean {
  const folders = new Set([""]);
  let last = "";
  for (const { path, type } of entries) {
    const cut = path.lastIndexOf("/");
    const name = path.slice(cut + 1);
    if (path === last || ["", ".", ".."].includes(name)) return false;
    if (!folders.has(cut < 0 ? "" : path.slice(0, cut)) || checkName(path) !== undefined) return false;
    if (type === "directory") folders.add(path);
    last = path;
  }
  return checkLinks(entries).length === 0;
}
