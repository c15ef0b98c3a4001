import { lstatSync, renameSync } from "node:fs";
import { link, open } from "node:fs/promises";
import { dirname } from "node:path";
import { DeployError } from "@deploy/core";
import type { PutOptions } from "../types.ts";
import { etagOf } from "./details.ts";
import { withLock } from "./lock.ts";
import { removeSidecar, type Sidecar, writeSidecar } from "./sidecar.ts";

/**
 * Gives a whole file its name, for ever (fsync of the file, its sidecar and its folder). False: what lies there, or lies there no more,
 * must not be replaced. `link` fails where the name is taken, which `rename` does not: who replaces holds the name's lock.
 */
export async function appear(
  root: string,
  aside: string,
  path: string,
  sidecar: Sidecar,
  overwrite: PutOptions["overwrite"],
): Promise<boolean> {
  const changed = await tieSidecar(root, aside, sidecar);
  let replaced: bigint | undefined;
  try {
    if (overwrite === false) await link(aside, path);
    else replaced = await withLock(root, sidecar.key, () => replace(aside, path, overwrite));
  } catch (error) {
    await removeSidecar(root, sidecar.key, changed);
    if (error instanceof Other) return false;
    if ((error as NodeJS.ErrnoException).code === "EEXIST" && overwrite === false) return false;
    throw refusal(error, path);
  }
  await syncFolder(dirname(path));
  if (replaced !== undefined && replaced !== changed) await removeSidecar(root, sidecar.key, replaced);
  return true;
}

/** What lies there is not the version that was to be replaced. */
class Other extends Error {}

/** The replaced file's time of change. Without a pause: nobody shall find the lock of one who waits. */
function replace(aside: string, path: string, wanted: true | { readonly etag: string }): bigint | undefined {
  const there = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  const file = there?.isFile() === true ? there : undefined;
  if (wanted !== true && (file === undefined || etagOf(file) !== wanted.etag)) throw new Other();
  renameSync(aside, path);
  return file?.mtimeNs;
}

/** Writes the sidecar that belongs to this file alone; returns the file's time of change, in nanoseconds. */
async function tieSidecar(root: string, aside: string, sidecar: Sidecar): Promise<bigint> {
  const file = await open(aside, "r+");
  try {
    for (;;) {
      // The kernel's own times are as coarse as its tick: two files of one moment would share theirs.
      const now = Date.now() / 1000 + Math.random() / 1000;
      await file.utimes(now, now);
      await file.sync();
      const { mtimeNs } = await file.stat({ bigint: true });
      if (await writeSidecar(root, mtimeNs, sidecar)) return mtimeNs;
    }
  } finally {
    await file.close();
  }
}

/** A name is safe on disk once its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function refusal(cause: unknown, path: string): unknown {
  const { code = "", syscall } = cause as NodeJS.ErrnoException;
  const place = { path };
  if (code === "EISDIR") return new DeployError("store-key", `${path} is a folder`, { place, cause });
  if (syscall !== "link" || !["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"].includes(code)) return cause;
  const message = `${path} cannot be written only where it is absent: its file system has no hard links`;
  return new DeployError("store-failed", message, { place, cause, hint: "Use a folder on a local disk." });
}
