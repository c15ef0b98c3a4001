import type { StoredObject } from "@deploy/store";
import { immutableFiles } from "../publish/record.ts";
import type { StoredRecord } from "../publish/records.ts";
import type { Retention } from "../types.ts";
import { judgeReleases } from "./releases.ts";
import type { PrunePlan, ReleaseVerdict, Verdict } from "./types.ts";

/** One key as the records know it. */
interface Named {
  /** The sizes we published under it. */
  readonly sizes: Set<number>;
  /** The releases that have it, oldest first. */
  readonly releases: ReleaseVerdict[];
  /** Some release has it without a fingerprint. */
  entry: boolean;
}

/**
 * What may go: fingerprinted files that our records name, that no kept release has, and that are still what we put
 * there. `now` is milliseconds since 1970; a release's files are kept for `keepFor` after the next one replaced it.
 */
export function planPrune(
  records: readonly StoredRecord[],
  listing: ReadonlyMap<string, StoredObject>,
  retention: Retention,
  now: number,
): PrunePlan {
  const releases = judgeReleases(records, retention, now);
  const named = nameKeys(records, releases);
  const verdicts: Verdict[] = [];
  for (const [key, facts] of named) {
    const object = listing.get(key);
    // What is gone needs no verdict: an earlier run was killed before it removed the record.
    if (object !== undefined) verdicts.push(judgeKey(object, facts));
  }
  verdicts.sort((one, other) => (one.key < other.key ? -1 : 1));
  return {
    releases,
    remove: verdicts.filter(({ keep }) => !keep),
    keep: verdicts.filter(({ keep }) => keep),
  };
}

/** The keys that records name: what a listing must look for. */
export function namedKeys(records: readonly StoredRecord[]): ReadonlySet<string> {
  return new Set(records.flatMap(({ record }) => [...record.files, ...record.also].map(({ path }) => path)));
}

function nameKeys(
  records: readonly StoredRecord[],
  releases: readonly ReleaseVerdict[],
): ReadonlyMap<string, Named> {
  const recordOf = new Map(records.map((stored) => [stored.key, stored.record]));
  const named = new Map<string, Named>();
  const at = (path: string): Named => {
    const known = named.get(path) ?? { sizes: new Set<number>(), releases: [], entry: false };
    named.set(path, known);
    return known;
  };
  for (const verdict of releases) {
    const record = recordOf.get(verdict.key);
    if (record === undefined) continue;
    for (const { path, size } of immutableFiles(record)) {
      at(path).sizes.add(size);
      at(path).releases.push(verdict);
    }
    for (const { path, immutable } of record.files) if (!immutable) at(path).entry = true;
  }
  return named;
}

function judgeKey({ key, size }: StoredObject, { sizes, releases, entry }: Named): Verdict {
  if (entry) return { key, size, keep: true, because: ["has no fingerprint: never pruned"] };
  const kept = releases.filter(({ keep }) => keep);
  if (kept.length > 0) {
    const because = kept.map(({ release, because: why }) => `in ${release}: ${why.join(", ")}`);
    return { key, size, keep: true, because };
  }
  if (!sizes.has(size)) return { key, size, keep: true, because: ["not the bytes we published"] };
  const last = releases.at(-1);
  return { key, size, keep: false, because: [`last in ${last?.release}: ${last?.because.join(", ")}`] };
}
