import { type Dirent, readdirSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import { DeployError, incompleteCheckout, type Problem } from "@deploy/core";
import type { SourceFile } from "../types.ts";
import { emptySubmodules, lfsPointers } from "./checkout.ts";
import { followLink } from "./links.ts";
import { checkName, printable, refuse } from "./refusals.ts";

/**
 * Vite keeps its manifest in the first; it says which files are named by their content already. What lies in the other is asked for
 * by name (RFC 8615): certificates, apps, contacts.
 */
const dotFolders: readonly string[] = [".vite", ".well-known"];

/** What tools leave in any folder, and nobody means to publish. */
const nobodys = /^\.(?:git|DS_Store|keep|npmignore|editorconfig|eslint|prettier|stylelint|browserslist|sass)/;

export interface Tree {
  /** Sorted by the bytes of their paths. */
  readonly files: readonly SourceFile[];
  readonly problems: readonly Problem[];
  /** Paths that are passed over for the dot their name begins with, but for what no one would publish. */
  readonly hidden: readonly string[];
}

interface Walk {
  readonly source: string;
  readonly files: SourceFile[];
  readonly problems: Problem[];
  readonly hidden: string[];
}

/**
 * Every file below `source`, partials too, and every reason not to build it. Names that begin with a dot, but for
 * `.well-known`, and `node_modules` are passed over. Throws `assets-missing`, `source-unreadable` for a closed folder, and
 * `checkout-incomplete`.
 */
export function walkSources(source: string): Tree {
  const stats = statSync(source, { throwIfNoEntry: false });
  if (stats?.isDirectory() !== true) {
    const why = stats === undefined ? "does not exist" : "is no folder";
    throw new DeployError("assets-missing", `The folder of the assets, ${printable(source)}, ${why}`);
  }
  const walk: Walk = { source, files: [], problems: [], hidden: [] };
  readFolder(walk, "");
  const incomplete = incompleteCheckout(lfsPointers(walk.files), emptySubmodules(source));
  if (incomplete !== undefined) throw incomplete;
  walk.files.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
  return walk;
}

function readFolder(walk: Walk, folder: string): void {
  for (const entry of list(walk.source, folder)) {
    const name = decode(entry.name);
    if (name === undefined) {
      const path = join(folder, Buffer.from(entry.name).toString("latin1"));
      walk.problems.push(refuse("asset-name", path, "The name is not valid UTF-8", "Rename the file."));
      continue;
    }
    const path = folder === "" ? name : `${folder}/${name}`;
    if (name.startsWith(".") && !dotFolders.includes(name)) {
      if (!nobodys.test(name)) walk.hidden.push(path);
    } else if (name !== "node_modules") readEntry(walk, path, entry);
  }
}

function readEntry(walk: Walk, path: string, entry: Dirent<Buffer>): void {
  const problem = checkName(path) ?? (entry.isSymbolicLink() ? followLink(walk.source, path) : undefined);
  if (problem !== undefined) {
    walk.problems.push(problem);
    return;
  }
  const absolute = join(walk.source, path);
  const stats = entry.isDirectory() ? undefined : look(absolute, path);
  if (stats === undefined || stats.isDirectory()) readFolder(walk, path);
  else if (stats.isFile()) walk.files.push({ path, absolute, size: stats.size });
  else walk.problems.push(refuse("type-refused", path, "It is neither a file nor a folder", "Remove it."));
}

function list(source: string, folder: string): readonly Dirent<Buffer>[] {
  try {
    return readdirSync(join(source, folder), { withFileTypes: true, encoding: "buffer" });
  } catch (error) {
    throw unreadable(folder === "" ? source : folder, error);
  }
}

function look(absolute: string, path: string): Stats {
  try {
    return statSync(absolute);
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** A file or folder of the tree that is closed to us, or went away while it was read. */
export function unreadable(path: string, error: unknown): DeployError {
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  return new DeployError("source-unreadable", `It cannot be read (${code})`, {
    hint: "Change its owner or mode, and let whatever writes it end first.",
    place: { file: printable(path) },
    cause: error,
  });
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decode(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}
