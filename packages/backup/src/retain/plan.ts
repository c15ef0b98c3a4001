import { count, duration } from "@deploy/core";
import { newestFirst } from "../list/list.ts";
import { whyUnsigned } from "../sign/manifest.ts";
import type { BackupManifest, Verdict } from "../types.ts";

export interface RetentionOptions {
  /** Whose backups are judged: those of other apps and environments in the same store get no verdict. */
  readonly app: string;
  readonly environment: string;
  /** How many proved ones stay, 1 or more. */
  readonly keep: number;
  /** Milliseconds: younger ones stay, however many. */
  readonly keepFor?: number;
  /** Ids that releases on the leader name: where a rollback lands, they are what it prints. */
  readonly named?: readonly string[];
  /** Public keys: only what they signed takes the place of what they signed. */
  readonly signedBy?: readonly string[];
}

/** Clocks differ; a backup from further ahead than this was made by one that is wrong. */
const skew = 3_600_000;

/**
 * What becomes of each backup, newest first, with every reason. Kinds of databases are judged apart. Attempts of one night are
 * many: so the first of each of the newest `keep` days stays, too, and of each of so many releases the first that a deploy made
 * of their data, and whatever a release names. The newest proved one always stays. Signed ones are judged
 * among themselves, so that none that somebody put there pushes them out. One whose time lies ahead stays and takes nobody's place, so that a clock gone wrong neither removes nor hides a backup.
 */
export function planRetention(
  manifests: readonly BackupManifest[],
  options: RetentionOptions,
  now: Date,
): readonly Verdict[] {
  const ours = manifests.filter(
    ({ app, environment }) => app === options.app && environment === options.environment,
  );
  const kinds = [...new Set(ours.map(({ database }) => database.kind))];
  const judged = kinds.flatMap((kind) => {
    const all = ours.filter(({ database }) => database.kind === kind);
    const signed = all.filter((each) => whyUnsigned(each, options.signedBy) === undefined);
    const apart = judgeKind(signed, options, now.getTime());
    const others = judgeKind(all, options, now.getTime()).filter(({ id }) =>
      apart.every((verdict) => verdict.id !== id),
    );
    return [...apart, ...others];
  });
  const order = new Map([...ours].sort(newestFirst).map(({ id }, at) => [id, at]));
  return judged.sort((one, other) => (order.get(one.id) ?? 0) - (order.get(other.id) ?? 0));
}

/** Its own tool has read the whole of it, and the store gave it back as it was put. */
export function isProved({ proofs }: BackupManifest): boolean {
  return proofs.includes("parsed") && proofs.includes("read-back");
}

function judgeKind(
  manifests: readonly BackupManifest[],
  { keep, keepFor = 0, named = [] }: RetentionOptions,
  now: number,
): readonly Verdict[] {
  const keepAtLeast = Math.max(1, Math.floor(keep) || 1);
  const sorted = [...manifests].sort(newestFirst);
  const ahead = (manifest: BackupManifest): boolean => Date.parse(manifest.created) > now + skew;
  const counted = sorted.filter((manifest) => isProved(manifest) && !ahead(manifest));
  const newest = new Set(counted.slice(0, keepAtLeast).map(({ id }) => id));
  const firsts = firstsOf(counted, keepAtLeast);
  const last = sorted.find(isProved);
  return sorted.map((manifest, at) => {
    const proved = isProved(manifest);
    const because = [
      newest.has(manifest.id)
        ? `one of the newest ${count(keepAtLeast, "proved backup")}`
        : (firsts.get(manifest.id) ?? ""),
      named.includes(manifest.id) ? "a release names it" : "",
      keepFor > 0 && now - Date.parse(manifest.created) < keepFor ? `younger than ${duration(keepFor)}` : "",
      ahead(manifest) ? "its time lies ahead: a clock was wrong" : "",
      manifest === last ? "the last proved backup" : "",
      !proved && (last === undefined || at < sorted.indexOf(last)) ? "nothing newer is proved" : "",
    ].filter((reason) => reason !== "");
    if (because.length > 0) return { id: manifest.id, keep: true, because };
    const why = proved ? `older than the newest ${count(keepAtLeast, "proved backup")}` : "never proved";
    return { id: manifest.id, keep: false, because: [why] };
  });
}

/** Why by id: the oldest of each of the newest groups. `counted` is newest first. */
function firstsOf(counted: readonly BackupManifest[], most: number): ReadonlyMap<string, string> {
  const groups = [
    (manifest: BackupManifest) => `the first of ${manifest.created.slice(0, 10)}`,
    // Of those that a deploy made: what is made by hand or each night has its days.
    ({ release, live = release }: BackupManifest) =>
      release === undefined ? undefined : `the first with the data of ${live}`,
  ];
  return new Map(
    groups.flatMap((nameOf) => {
      const first = new Map<string, string>();
      for (const manifest of counted) {
        const name = nameOf(manifest);
        if (name !== undefined && (first.has(name) || first.size < most)) first.set(name, manifest.id);
      }
      return [...first].map(([name, id]) => [id, name] as const);
    }),
  );
}
