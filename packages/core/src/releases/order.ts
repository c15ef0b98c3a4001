import { releaseTime } from "./id.ts";

/**
 * Older before newer, from names alone (a copied folder has a new mtime and is no newer release): times by time,
 * numbers by number. Across kinds, numbers and other names are older than times: they were there when we came.
 */
export function compareReleases(a: string, b: string): number {
  const kinds = kindOf(a) - kindOf(b);
  if (kinds !== 0) return kinds;
  const values = kindOf(a) === 1 ? compareNumbers(a, b) : (releaseTime(a) ?? 0) - (releaseTime(b) ?? 0);
  return values !== 0 ? values : compareText(a, b);
}

/** The newest of some releases; undefined where there is none. */
export function newestRelease(names: Iterable<string>): string | undefined {
  return [...names].sort(compareReleases).at(-1);
}

function kindOf(name: string): 0 | 1 | 2 {
  if (releaseTime(name) !== undefined) return 2;
  return /^\d+$/.test(name) ? 1 : 0;
}

function compareNumbers(a: string, b: string): number {
  const difference = BigInt(a) - BigInt(b);
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
