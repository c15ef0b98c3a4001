import { DeployError } from "@deploy/core";
import type { Store } from "@deploy/store";
import { objectBytes } from "../bytes/object.ts";
import { isBackupId, manifestKey } from "../id.ts";
import type { BackupManifest } from "../types.ts";
import { largestManifest, parseBackupManifest } from "./parse.ts";

/** One backup by its id. Throws `backup-missing`, `backup-manifest`. */
export async function readBackup(store: Store, id: string): Promise<BackupManifest> {
  if (!isBackupId(id)) throw missing(store, id);
  try {
    return parseBackupManifest(await readText(store, manifestKey(id)), id);
  } catch (error) {
    if (error instanceof DeployError && error.problem.code === "object-missing") throw missing(store, id);
    throw error;
  }
}

async function readText(store: Store, key: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of objectBytes(store, key)) {
    size += chunk.length;
    if (size > largestManifest) {
      throw new DeployError("backup-manifest", `The manifest ${key} is larger than ${largestManifest} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function missing(store: Store, id: string): DeployError {
  return new DeployError("backup-missing", `There is no backup ${JSON.stringify(id)} in ${store.location}`);
}
