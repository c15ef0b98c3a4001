import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

export interface TreeEntry {
  readonly path: string;
  readonly type: "directory" | "file" | "link" | "other";
  /** Octal, permission bits only. */
  readonly mode: string;
  readonly size?: number;
  readonly sha256?: string;
  readonly target?: string;
  /** Milliseconds. */
  readonly mtime?: number;
}

/** All below a folder, as data, sorted by path: two snapshots are equal when nothing was written between. */
export function hostTree(directory: string, options: { mtime?: boolean } = {}): TreeEntry[] {
  return list(directory, "").map((path) => entryAt(directory, path, options.mtime === true));
}

function list(directory: string, below: string): string[] {
  const names = readdirSync(join(directory, below), { withFileTypes: true });
  return names
    .flatMap((name) => {
      const path = below === "" ? name.name : `${below}/${name.name}`;
      return name.isDirectory() ? [path, ...list(directory, path)] : [path];
    })
    .sort();
}

function entryAt(directory: string, path: string, mtime: boolean): TreeEntry {
  const full = join(directory, path);
  const stat = lstatSync(full);
  const common = { path, mode: (stat.mode & 0o7777).toString(8), ...(mtime ? { mtime: stat.mtimeMs } : {}) };
  if (stat.isDirectory()) return { ...common, type: "directory" };
  if (stat.isSymbolicLink()) return { ...common, type: "link", target: readlinkSync(full) };
  if (!stat.isFile()) return { ...common, type: "other" };
  const sha256 = createHash("sha256").update(readFileSync(full)).digest("hex");
  return { ...common, type: "file", size: stat.size, sha256 };
}

/** Paths of the plain files below a folder, in which others make and remove what they like meanwhile. */
export function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path) : entry.isFile() ? [path] : [];
    });
  } catch {
    return []; // gone meanwhile
  }
}
