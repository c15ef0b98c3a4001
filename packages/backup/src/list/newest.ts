import { DeployError } from "@deploy/core";
import type { Store } from "@deploy/store";
import { ownerOf } from "../id.ts";
import { readBackup } from "../manifest/read.ts";
import type { BackupManifest } from "../types.ts";

/** The newest usable manifest that `wanted` accepts: ids sort by time, so mostly one object is read. */
export async function newestBackup(
  store: Store,
  wanted: (manifest: BackupManifest) => boolean,
): Promise<BackupManifest | undefined> {
  const ids: string[] = [];
  for await (const { key } of store.list("")) {
    const owner = ownerOf(key);
    if (owner?.part === "manifest") ids.push(owner.id);
  }
  for (const id of ids.sort().reverse()) {
    const manifest = await readBackup(store, id).catch(ignoreUnusable);
    if (manifest !== undefined && wanted(manifest)) return manifest;
  }
  return undefined;
}

function ignoreUnusable(error: unknown): undefined {
  const code = error instanceof DeployError ? error.problem.code : "";
  if (code !== "backup-missing" && code !== "backup-manifest") throw error;
}
