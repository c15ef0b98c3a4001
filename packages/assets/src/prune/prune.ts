import { DeployError, type Problem } from "@deploy/core";
import type { Store } from "@deploy/store";
import { listKeys } from "../publish/listing.ts";
import { pooled } from "../publish/pool.ts";
import { readRecords } from "../publish/records.ts";
import type { Retention } from "../types.ts";
import { namedKeys, planPrune } from "./plan.ts";
import type { PrunePlan, PruneResult, Verdict } from "./types.ts";

export interface PruneOptions {
  readonly store: Store;
  readonly retention: Retention;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Removals at once; 16 unless told. */
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
}

/** What `pruneAssets` would do, changing nothing. Throws `assets-record` where a record cannot be read. */
export async function examinePrune({ store, retention, now, signal }: PruneOptions): Promise<PrunePlan> {
  const records = await readRecords(store, signal);
  return planPrune(records, await listKeys(store, namedKeys(records)), retention, now);
}

/**
 * Removes what no kept release has. A record goes only after all that it alone named: killed in between, the next
 * run still knows whose the rest is. A store that refuses to delete is an answer, not an error.
 */
export async function pruneAssets(options: PruneOptions): Promise<PruneResult> {
  const plan = await examinePrune(options);
  const removed: Verdict[] = [];
  const refused = await refusal(async () => {
    await removeAll(options, plan.remove, (verdict) => removed.push(verdict));
    await removeAll(
      options,
      plan.releases.filter(({ keep }) => !keep),
    );
  });
  return {
    plan,
    removed: removed.length,
    bytesRemoved: removed.reduce((sum, { size }) => sum + size, 0),
    ...(refused === undefined ? {} : { refused }),
  };
}

async function removeAll<Item extends { readonly key: string }>(
  { store, concurrency = 16, signal }: PruneOptions,
  items: readonly Item[],
  onRemoved: (item: Item) => void = () => {},
): Promise<void> {
  await pooled(items, { tasks: concurrency, ...(signal === undefined ? {} : { signal }) }, async (item) => {
    await store.remove(item.key);
    onRemoved(item);
  });
}

/** The site is live and whole without pruning: who may not delete is told so. */
async function refusal(work: () => Promise<void>): Promise<Problem | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof DeployError && error.problem.code === "store-denied") return error.problem;
    throw error;
  }
}
