import { readlinkSync, realpathSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { DeployError } from "@deploy/core";
import { parseStoreAddress } from "./address.ts";
import { isAbsent } from "./folder/paths.ts";
import { folderStore } from "./folder/store.ts";
import { s3Store } from "./s3/store.ts";
import type { S3Options, Store } from "./types.ts";

/** What an address does not say. Ignored by a folder. */
export type StoreSettings = Omit<S3Options, "bucket" | "prefix">;

/**
 * Where a store that is a folder may lie: anywhere on a desk, below the workspace in a job, and nowhere where the config
 * came from another job, or GitHub throws the machine away after this one.
 */
export interface Folders {
  /** What a folder is relative to; the working directory unless told. */
  readonly root?: string | undefined;
  /** `anywhere` unless told. */
  readonly folders?: "anywhere" | "below" | "nowhere" | undefined;
}

/** That a store which is a folder may be one there. Throws `store-address`, `store-folder`. */
export function checkFolder(address: string, where: Folders): void {
  const parsed = parseStoreAddress(address);
  if (parsed.kind === "folder") folderIn(parsed.path, where);
}

/** The store that this address names (see `parseStoreAddress`). Nothing is connected to yet. Throws `store-address`, `store-folder`. */
export function openStore(address: string, settings: StoreSettings = {}, where: Folders = {}): Store {
  const parsed = parseStoreAddress(address);
  if (parsed.kind === "folder") return folderStore(folderIn(parsed.path, where));
  return s3Store({ ...settings, bucket: parsed.bucket, prefix: parsed.prefix });
}

function folderIn(path: string, { root = process.cwd(), folders = "anywhere" }: Folders): string {
  if (folders === "anywhere") return resolve(root, path);
  if (folders === "nowhere") {
    const message = `The store ${JSON.stringify(path)} is a folder of this job's machine, which is thrown away after it`;
    const hint =
      "Name a store that stays, s3://bucket/prefix; a folder is for steps that are all in one job, on a runner of your own.";
    throw new DeployError("store-folder", message, { place: { path }, hint });
  }
  const [base, folder] = [realPath(root), realPath(resolve(root, path))];
  if (!leaves(relative(base, folder))) return folder;
  const message = `The store ${JSON.stringify(path)} is the folder ${folder}, outside the workspace ${base}`;
  throw new DeployError("store-folder", message, { place: { path } });
}

function leaves(path: string): boolean {
  return path === ".." || path.startsWith("../") || path.startsWith("/");
}

/** Where a path leads, links followed; of what is not there yet, where its nearest parent leads. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (!isAbsent(error) || dirname(path) === path) throw error;
    const link = linkAt(path);
    return link === undefined
      ? join(realPath(dirname(path)), basename(path))
      : realPath(resolve(realPath(dirname(path)), link));
  }
}

/** What a link says that leads to nothing; undefined: there is no link. */
function linkAt(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
