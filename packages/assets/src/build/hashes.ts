import { createHash } from "node:crypto";
import { type Dirent, readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";

/** Digests of what lies on the disk, each read once per build. */
export interface Hashes {
  /** SHA-256 of a file; `absent` where there is none. */
  file(path: string): string;
  /** Of the names of style sheets and folders in a folder; of the nearest folder above where there is none. */
  folder(path: string): { readonly folder: string; readonly digest: string };
}

/**
 * Contents, not times: a checkout gives every file the time of the checkout. Reading a thousand small files takes some tens of
 * milliseconds.
 */
export function makeHashes(): Hashes {
  const files = new Map<string, string>();
  const folders = new Map<string, string | undefined>();
  const listing = (path: string) => {
    if (!folders.has(path)) folders.set(path, digestOfNames(path));
    return folders.get(path);
  };
  return {
    file: (path) => {
      const known = files.get(path) ?? digestOfFile(path);
      files.set(path, known);
      return known;
    },
    folder: (path) => {
      for (let folder = path; ; folder = dirname(folder)) {
        const digest = listing(folder);
        if (digest !== undefined) return { folder, digest };
        if (folder === dirname(folder)) return { folder, digest: "absent" };
      }
    },
  };
}

export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

function digestOfFile(path: string): string {
  try {
    return sha256(readFileSync(path));
  } catch {
    return "absent";
  }
}

function digestOfNames(path: string): string | undefined {
  let entries: readonly Dirent[];
  try {
    entries = readdirSync(path, { withFileTypes: true });
  } catch {
    return undefined;
  }
  const names = entries.flatMap((entry) => {
    if (/\.(?:css|scss|sass|less)$/i.test(entry.name)) return [entry.name];
    return entry.isDirectory() || entry.isSymbolicLink() ? [`${entry.name}/`] : [];
  });
  return sha256(names.sort().join("\n"));
}
