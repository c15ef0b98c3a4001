import { link, open, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { DeployError } from "@deploy/core";
import { statsOf } from "./details.ts";
import { removeSidecar, type Sidecar, writeSidecar } from "./sidecar.ts";

/**
 * Gives a whole file its name, for ever (fsync of the file, its sidecar and its folder). False: something lies there and must not be
 * overwritten. `link` fails where the name is taken, which `rename` does not.
 */
export async function appear(
  root: string,
  aside: string,
  path: string,
  sidecar: Sidecar,
  overwrite: boolean,
): Promise<boolean> {
  const changed = await tieSidecar(root, aside, sidecar);
  const replaced = overwrite ? (await statsOf(path))?.mtimeNs : undefined;
  try {
    await (overwrite ? rename(aside, path) : link(aside, path));
  } catch (error) {
    await removeSidecar(root, sidecar.key, changed);
    if ((error as NodeJS.ErrnoException).code === "EEXIST" && !overwrite) return false;
    throw refusal(error, path);
  }
  await syncFolder(dirname(path));
  if (replaced !== undefined && replaced !== changed) await removeSidecar(root, sidecar.key, replaced);
  return true;
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
