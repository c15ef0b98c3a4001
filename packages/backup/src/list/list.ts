import { DeployError } from "@deploy/core";
import type { Store } from "@deploy/store";
import { manifestKey, ownerOf } from "../id.ts";
import { objectsOf } from "../manifest/objects.ts";
import { largestManifest } from "../manifest/parse.ts";
import { readBackup } from "../manifest/read.ts";
import type { BackupManifest } from "../types.ts";
import { mapPool } from "./pool.ts";

export interface BackupList {
  /** Whole ones, newest first. */
  readonly backups: readonly BackupManifest[];
  /** Keys of data without a manifest: what a run left that was ended in between, or that runs right now. */
  readonly orphans: readonly string[];
  /** Manifests that cannot be used, or whose data is not there as they say. */
  readonly damaged: readonly { readonly key: string; readonly why: string }[];
}

/** Requests at once: enough for a thousand manifests in seconds, few enough for any store. */
const width = 8;

/** Everything of ours in the store; foreign objects are not looked at. */
export async function listBackups(store: Store): Promise<BackupList> {
  const sizes = await sizesOfOurs(store);
  const keys = [...sizes.keys()];
  const ids = keys.filter((key) => ownerOf(key)?.part === "manifest").map((key) => ownerOf(key)?.id ?? "");
  const read = await mapPool(ids, width, (id) => judge(store, id, sizes));
  const manifests = new Set(ids);
  return {
    backups: read
      .flatMap((each) => (each !== undefined && "manifest" in each ? [each.manifest] : []))
      .sort(newestFirst),
    orphans: keys.filter((key) => {
      const owner = ownerOf(key);
      return owner?.part === "data" && !manifests.has(owner.id);
    }),
    damaged: read.flatMap((each) => (each !== undefined && "why" in each ? [each] : [])),
  };
}

/** By the time in the manifest, then by id. */
export function newestFirst(one: BackupManifest, other: BackupManifest): number {
  return Date.parse(other.created) - Date.parse(one.created) || (one.id < other.id ? 1 : -1);
}

/** Size by key. */
async function sizesOfOurs(store: Store): Promise<ReadonlyMap<string, number>> {
  const sizes = new Map<string, number>();
  for await (const { key, size } of store.list("")) if (ownerOf(key) !== undefined) sizes.set(key, size);
  return sizes;
}

type Judged =
  | { readonly manifest: BackupManifest }
  | { readonly key: string; readonly why: string }
  | undefined;

async function judge(store: Store, id: string, sizes: ReadonlyMap<string, number>): Promise<Judged> {
  const key = manifestKey(id);
  if ((sizes.get(key) ?? 0) > largestManifest) return { key, why: `it has ${sizes.get(key)} bytes` };
  try {
    const manifest = await readBackup(store, id);
    const why = dataDiffers(manifest, sizes);
    return why === undefined ? { manifest } : { key, why };
  } catch (error) {
    const code = error instanceof DeployError ? error.problem.code : "";
    // Removed since the listing: another run's retention.
    if (code === "backup-missing") return undefined;
    if (code === "backup-manifest") return { key, why: (error as DeployError).problem.message };
    throw error;
  }
}

function dataDiffers(manifest: BackupManifest, sizes: ReadonlyMap<string, number>): string | undefined {
  for (const stored of objectsOf(manifest)) {
    const size = sizes.get(stored.key);
    if (size === undefined) return `its data, ${stored.key}, is not there`;
    if (size !== stored.size) return `its data, ${stored.key}, has ${size} bytes instead of ${stored.size}`;
  }
  return undefined;
}
