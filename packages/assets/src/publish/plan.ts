import { DeployError, few } from "@deploy/core";
import type { StoredObject } from "@deploy/store";
import type { AssetFile, AssetIndex } from "../types.ts";
import { publishedFiles } from "./keys.ts";

/** What a publish will do, file by file. */
export interface PublishPlan {
  /** Uploaded first, the largest first: nothing refers to them yet. */
  readonly immutable: readonly AssetFile[];
  /** Uploaded then: what has no fingerprint and is new or changed; HTML at the very end. */
  readonly entries: readonly AssetFile[];
  /** In the store already, with the same bytes. */
  readonly present: readonly AssetFile[];
  /** Other bytes lie under a name that is for ever: nothing may be uploaded. */
  readonly collisions: readonly AssetFile[];
  /** Bytes to upload. */
  readonly bytes: number;
}

/** `same` names the keys of the listing whose bytes were compared and are those of the file. Throws `asset-name`. */
export function planPublish(
  index: AssetIndex,
  listing: ReadonlyMap<string, StoredObject>,
  same: ReadonlySet<string>,
): PublishPlan {
  const files = publishedFiles(index);
  const present = files.filter(({ path }) => same.has(path));
  const others = files.filter(({ path }) => !same.has(path));
  const collisions = others.filter((file) => file.immutable && listing.has(file.path));
  const immutable = others.filter((file) => file.immutable && !listing.has(file.path)).sort(largestFirst);
  const entries = others.filter((file) => !file.immutable).sort(pagesLast);
  const bytes = [...immutable, ...entries].reduce((sum, { size }) => sum + size, 0);
  return { immutable, entries, present, collisions, bytes };
}

/** Throws `asset-collision`, naming them. */
export function refuseCollisions(collisions: readonly AssetFile[], location: string): void {
  if (collisions.length === 0) return;
  const names = few(
    collisions.map(({ path }) => path),
    20,
  );
  throw new DeployError(
    "asset-collision",
    `${location} has other bytes under ${names}: name collision or non-reproducible build`,
    { place: { path: collisions[0]?.path ?? "" } },
  );
}

// A large file that comes last would be waited for alone.
function largestFirst(one: AssetFile, other: AssetFile): number {
  return other.size - one.size;
}

function pagesLast(one: AssetFile, other: AssetFile): number {
  return Number(one.kind === "html") - Number(other.kind === "html");
}
