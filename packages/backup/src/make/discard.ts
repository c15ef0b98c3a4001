import { DeployError } from "@deploy/core";
import type { Store } from "@deploy/store";
import { withNote } from "../host/place.ts";

/** The name under which an object remembers which run wrote it: only that run takes it away again. */
export const writerName = "backup-writer";

/**
 * Takes away what this run left under `key` and returns the error to throw: the one that led here, saying what stays in the store
 * where that could not be removed. What another run wrote is not touched.
 */
export async function discard(store: Store, key: string, writer: string, error: unknown): Promise<unknown> {
  try {
    const found = await store.details(key);
    if (found?.metadata[writerName] !== writer) return error;
    await store.remove(key);
    return error;
  } catch (failure) {
    const why = failure instanceof DeployError ? failure.problem.message : String(failure);
    return withNote(error, `${key} may stay in ${store.location} as an orphan without a manifest: ${why}`);
  }
}
