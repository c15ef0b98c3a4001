import { createHash } from "node:crypto";
import type { Store } from "@deploy/store";
import { isObject, parseJson, putJson, readWhole } from "./documents.ts";
import { recordFolder } from "./record.ts";

/**
 * The purge that is owed, told in the store before the first entry document changes: whatever becomes of this run,
 * the next one knows what caches may still have. No release is called `purge`: their names begin with a digit.
 */
export const pendingKey = `${recordFolder}purge.json`;

export interface PendingPurge {
  readonly schema: 1;
  /** One purge, one id, however often it is tried. */
  readonly id: string;
  /** Each with a leading `/`. */
  readonly paths: readonly string[];
}

const largestPending = 16 * 1024 * 1024;

export function pendingPurge(release: string, now: number, paths: readonly string[]): PendingPurge {
  const id = createHash("sha256")
    .update(JSON.stringify([release, now, paths]))
    .digest("hex");
  return { schema: 1, id, paths };
}

/** The purge that is owed; undefined where none is. `fallback` are the paths to purge where the note cannot be read. */
export async function readPending(
  store: Store,
  fallback: readonly string[],
): Promise<PendingPurge | undefined> {
  if ((await store.details(pendingKey)) === undefined) return undefined;
  const bytes = await readWhole(store, pendingKey, largestPending);
  const value = bytes === undefined ? undefined : parseJson(bytes);
  const pending = isPending(value) ? value : pendingPurge("", 0, fallback);
  return pending.paths.length === 0 ? undefined : pending;
}

export async function putPending(store: Store, pending: PendingPurge): Promise<void> {
  await putJson(store, pendingKey, pending);
}

/** Overwritten, not removed: who publishes need not be allowed to delete. */
export async function clearPending(store: Store, { id }: PendingPurge): Promise<void> {
  await putPending(store, { schema: 1, id, paths: [] });
}

function isPending(value: unknown): value is PendingPurge {
  return (
    isObject(value) &&
    value.schema === 1 &&
    typeof value.id === "string" &&
    /^[0-9a-f]{64}$/.test(value.id) &&
    Array.isArray(value.paths) &&
    value.paths.every((path) => typeof path === "string" && path.startsWith("/"))
  );
}
