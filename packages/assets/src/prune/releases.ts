import { compareReleases, duration, roughly } from "@deploy/core";
import { immutableFiles } from "../publish/record.ts";
import type { StoredRecord } from "../publish/records.ts";
import type { Retention } from "../types.ts";
import type { ReleaseVerdict } from "./types.ts";

/**
 * Which releases' records stay, oldest first. Pure: `now` is milliseconds since 1970. Of releases with the same files
 * only the newest counts, so that running one commit again and again does not push the older ones out.
 */
export function judgeReleases(
  records: readonly StoredRecord[],
  { keepReleases, keepFor }: Retention,
  now: number,
): readonly ReleaseVerdict[] {
  const ordered = [...records].sort(byTime);
  const complete = ordered.filter(({ record }) => record.complete);
  const twins = newerTwins(complete);
  const most = Math.max(1, keepReleases);
  const { newest, recent } = newestOf(complete, twins, most);

  const keepsOf = (stored: StoredRecord): readonly string[] => {
    const { record } = stored;
    if (newest.has(stored)) return ["the newest release"];
    if (!record.complete) return keepsUnfinished(stored, complete.at(-1), keepFor, now);
    const replaced = complete[complete.indexOf(stored) + 1]?.record.time;
    if (twins.has(stored)) return [];
    return [
      recent.has(stored) ? `one of the newest ${most} releases` : "",
      replaced !== undefined && now - replaced <= keepFor
        ? `replaced ${roughly(now - replaced)} ago, kept for ${duration(keepFor)}`
        : "",
    ].filter((reason) => reason !== "");
  };

  return ordered.map((stored) => {
    const because = keepsOf(stored);
    const { key, record } = stored;
    if (because.length > 0) return { release: record.release, key, keep: true, because };
    const twin = twins.get(stored);
    const why = twin === undefined ? whyNot(stored, most, keepFor) : `the same files as ${twin}`;
    return { release: record.release, key, keep: false, because: [why] };
  });
}

/** By the time they tell and by the store's clock: one runner with a wrong clock must not make the live release old. */
function newestOf(
  complete: readonly StoredRecord[],
  twins: ReadonlyMap<StoredRecord, string>,
  most: number,
): Record<"newest" | "recent", ReadonlySet<StoredRecord | undefined>> {
  const byStore = [...complete].sort((one, other) => one.modified - other.modified);
  const orders = [complete, byStore];
  return {
    newest: new Set(orders.map((order) => order.at(-1))),
    recent: new Set(orders.flatMap((order) => order.filter((stored) => !twins.has(stored)).slice(-most))),
  };
}

/** Releases of which a newer one, named here, has exactly the files. */
function newerTwins(complete: readonly StoredRecord[]): ReadonlyMap<StoredRecord, string> {
  const newer = new Map<string, string>();
  const twins = new Map<StoredRecord, string>();
  for (const stored of complete.toReversed()) {
    const files = immutableFiles(stored.record)
      .map(({ path }) => path)
      .sort()
      .join("\n");
    const twin = newer.get(files);
    if (twin === undefined) newer.set(files, stored.record.release);
    else twins.set(stored, twin);
  }
  return twins;
}

/** One that came after the newest may still be on its way, however long ago that seems. */
function keepsUnfinished(
  { record }: StoredRecord,
  newest: StoredRecord | undefined,
  keepFor: number,
  now: number,
): readonly string[] {
  if (newest === undefined || record.time >= newest.record.time) return ["not finished, and none is newer"];
  return now - record.time <= keepFor
    ? [`begun ${roughly(now - record.time)} ago and not finished, kept for ${duration(keepFor)}`]
    : [];
}

function whyNot({ record }: StoredRecord, most: number, keepFor: number): string {
  if (!record.complete) return `not finished, and begun more than ${duration(keepFor)} ago`;
  const place = most === 1 ? "older than the newest release" : `older than the newest ${most} releases`;
  return keepFor === 0 ? place : `${place}, and replaced more than ${duration(keepFor)} ago`;
}

function byTime(one: StoredRecord, other: StoredRecord): number {
  return one.record.time - other.record.time || compareReleases(one.record.release, other.record.release);
}
