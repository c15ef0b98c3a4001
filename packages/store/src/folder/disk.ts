import { statfs } from "node:fs/promises";
import { DeployError, dataSize } from "@deploy/core";

/** A file system's error as one that a person can act on; anything else as it is. */
export async function diskFailure(cause: unknown, root: string, path: string): Promise<unknown> {
  const { code, syscall } = cause as NodeJS.ErrnoException;
  if (cause instanceof DeployError || code === undefined || syscall === undefined) return cause;
  const place = { path };
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new DeployError("store-full", `${path} could not be written: ${await roomIn(root, code)}`, {
      place,
      cause,
    });
  }
  if (["EACCES", "EPERM", "EROFS"].includes(code)) {
    const hint = `Let this user read and write in ${root}.`;
    return new DeployError("store-denied", `The file system refuses ${syscall} of ${path}: ${code}`, {
      place,
      cause,
      hint,
    });
  }
  if (code === "ENAMETOOLONG") {
    return new DeployError("store-key", `The name is too long for the file system: ${path}`, {
      place,
      cause,
    });
  }
  return new DeployError("store-failed", `${syscall} of ${path} failed: ${code}`, { place, cause });
}

async function roomIn(root: string, code: string): Promise<string> {
  if (code === "EDQUOT") return `the user's quota is used up in ${root}`;
  try {
    const { bavail, bsize } = await statfs(root);
    return `${dataSize(bavail * bsize)} are free in ${root}`;
  } catch {
    return `${root} is full`;
  }
}

/** Runs work on the folder; its errors name the path. */
export async function onDisk<T>(root: string, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw await diskFailure(error, root, path);
  }
}
