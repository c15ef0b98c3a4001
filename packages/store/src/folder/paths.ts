import { lstat, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { DeployError } from "@deploy/core";
import { fullKey } from "../key.ts";
import { diskFailure } from "./disk.ts";

/** Half-written files; on the folder's own disk, since a rename does not cross disks. */
export const temporary = ".deploy-tmp";
/** What S3 keeps as headers and metadata: one JSON file per object. */
export const metadata = ".deploy-meta";

/** The file of a key. Throws `store-key`, and `store-link` where a symbolic link below the root is on the way. */
export async function pathOf(root: string, key: string): Promise<string> {
  const segments = fullKey("", key).split("/");
  const [first = ""] = segments;
  if (first === temporary || first === metadata) throw reserved(key, first);
  let path = root;
  for (const segment of segments) {
    path = join(path, segment);
    if (await isLink(path)) throw linked(path, root);
  }
  return path;
}

/** Makes the folders on the way to a file. */
export async function makeFolder(path: string, root: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== "ENOTDIR" && code !== "EEXIST") throw cause;
    const message = `${path} cannot be made in ${root}: one of its parts is an object`;
    throw new DeployError("store-key", message, { place: { path }, cause });
  }
}

async function isLink(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch (error) {
    if (isAbsent(error)) return false;
    throw await diskFailure(error, path, path);
  }
}

/** There is nothing under this path. */
export function isAbsent(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "");
}

function reserved(key: string, name: string): DeployError {
  return new DeployError(
    "store-key",
    `The object name ${JSON.stringify(key)} begins with ${name}, which the store keeps for itself`,
  );
}

function linked(path: string, root: string): DeployError {
  return new DeployError("store-link", `${path} is a symbolic link, and ${root} is a store`, {
    place: { path },
  });
}
