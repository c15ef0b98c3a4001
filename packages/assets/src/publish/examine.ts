import type { TenantName } from "@deploy/core";
import type { AssetIndex } from "../types.ts";
import { publishedFiles } from "./keys.ts";
import { listKeys } from "./listing.ts";
import type { PublishOptions } from "./options.ts";
import { type PendingPurge, readPending } from "./pending.ts";
import { type PublishPlan, planPublish } from "./plan.ts";
import { pooled } from "./pool.ts";
import { purgePaths } from "./purgePaths.ts";
import { indexOf, type ReleaseRecord, recordKey } from "./record.ts";
import { listRecords, readRecord } from "./records.ts";
import { compareObject } from "./same.ts";
import { checkTenant } from "./tenant.ts";

/** What a publish finds in the store, and what it would do. Nothing was changed. */
export interface Examined {
  readonly plan: PublishPlan;
  /** What an earlier publish of the same release wrote. */
  readonly own?: ReleaseRecord;
  /** The release published before this one. */
  readonly before?: AssetIndex;
  /** A purge that an earlier run owes. */
  readonly pending?: PendingPurge;
  /** Whose the place is, where that is told there. */
  readonly tenant?: TenantName;
}

type ExamineOptions = Pick<PublishOptions, "index" | "output" | "store" | "release"> &
  Partial<PublishOptions>;

/** Looks and plans; what a dry run shows. Throws `publish-taken`, `asset-name`, `release-name`, `assets-record`. */
export async function examinePublish(options: ExamineOptions): Promise<Examined> {
  const tenant = await checkTenant(options);
  const files = publishedFiles(options.index);
  const key = recordKey(options.release);
  const entries = files.filter(({ immutable }) => !immutable);
  const [plan, records, pending] = await Promise.all([
    comparePlan(options),
    readNeighbours(options, key),
    readPending(options.store, purgePaths(entries, options.baseUrl)),
  ]);
  return { plan, ...records, ...(pending && { pending }), ...(tenant && { tenant }) };
}

async function comparePlan(options: ExamineOptions): Promise<PublishPlan> {
  const { index, output, store, concurrency = 32, signal } = options;
  const files = publishedFiles(index);
  const listing = await listKeys(store, new Set(files.map(({ path }) => path)));
  const same = new Set<string>();
  const limits = { tasks: concurrency, ...(signal === undefined ? {} : { signal }) };
  await pooled(files, limits, async (file) => {
    const object = listing.get(file.path);
    if (object === undefined) return;
    const answer = await compareObject(store, output, file, object);
    if (answer === "same") same.add(file.path);
    if (answer === "gone") listing.delete(file.path);
  });
  return planPublish(index, listing, same);
}

async function readNeighbours(
  { store }: ExamineOptions,
  ownKey: string,
): Promise<Pick<Examined, "own" | "before">> {
  const objects = [...(await listRecords(store))].sort((one, other) => other.modified - one.modified);
  const own = objects.some(({ key }) => key === ownKey) ? await readRecord(store, ownKey) : undefined;
  for (const { key } of objects.filter(({ key }) => key !== ownKey)) {
    // For the change column only: a record that cannot be read is the pruning's worry.
    const record = await readRecord(store, key).catch(() => undefined);
    if (record?.complete === true) return { ...(own && { own }), before: indexOf(record) };
    if (record === undefined) break;
  }
  return own === undefined ? {} : { own };
}
