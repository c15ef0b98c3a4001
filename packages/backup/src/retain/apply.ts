import { DeployError } from "@deploy/core";
import type { Store } from "@deploy/store";
import { manifestKey } from "../id.ts";
import { mapPool } from "../list/pool.ts";
import { objectsOf } from "../manifest/objects.ts";
import { readBackup } from "../manifest/read.ts";
import type { Verdict } from "../types.ts";

export interface Retained {
  /** Gone, or gone already. */
  readonly removed: readonly Verdict[];
  readonly kept: readonly Verdict[];
  /** What should have gone and is still there, whole or its data alone, and why. */
  readonly denied: readonly { readonly id: string; readonly why: string }[];
}

const width = 4;

/**
 * Removes what `planRetention` gave up: the manifest first, so that what is half removed is no backup but an orphan. A store that
 * lets nobody delete (write-only keys, Object Lock) is told in the result and is no failure: the new backup stands.
 */
export async function applyRetention(store: Store, verdicts: readonly Verdict[]): Promise<Retained> {
  const doomed = verdicts.filter(({ keep }) => !keep);
  const results = await mapPool(doomed, width, async (verdict) => ({
    verdict,
    why: await remove(store, verdict.id),
  }));
  return {
    removed: results.flatMap(({ verdict, why }) => (why === undefined ? [verdict] : [])),
    kept: verdicts.filter(({ keep }) => keep),
    denied: results.flatMap(({ verdict, why }) => (why === undefined ? [] : [{ id: verdict.id, why }])),
  };
}

/** Why it is still there; undefined where it is gone. The manifest is read again, so only data that it owns is removed. */
async function remove(store: Store, id: string): Promise<string | undefined> {
  try {
    const objects = objectsOf(await readBackup(store, id));
    await store.remove(manifestKey(id));
    for (const { key } of objects) await store.remove(key);
    return undefined;
  } catch (error) {
    if (!(error instanceof DeployError)) throw error;
    return error.problem.code === "backup-missing" ? undefined : error.problem.message;
  }
}
