import { folderOf, nameOf } from "./paths.ts";

/** Rollup and Vite (8 of base64url), Parcel and webpack (hex). */
const certain = [
  /-(?=[\w-]*[0-9])(?=[\w-]*[A-Z])(?=[\w-]*[a-z])[\w-]{8}(?=\.)/,
  /[-.](?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{8,64}(?=\.)/,
];
/** esbuild (8 of base32): of code only, as cameras name photos `DSC23456`. */
const certainOfCode = /-(?=[A-Z2-7]*[2-7])(?=[A-Z2-7]*[A-Z])[A-Z2-7]{8}(?=\.)/;
const code = /\.(?:m?js|css)$/;
/** What may be such a hash, and may be a word: `index-download.js`. */
const possible = /-[\w-]{8}(?=\.)|[-.][0-9a-f]{8,64}(?=\.)/;

/**
 * Files a bundler named by their content, where no manifest tells. A wrong yes would keep a stale file in caches for
 * a year, so a name needs a hash that is no word (a digit and both cases, or hex with digits and letters), or to lie in
 * a folder whose scripts and style sheets all have possible hashes, one of them certain.
 */
export function namedByContent(paths: readonly string[]): ReadonlySet<string> {
  const folders = Map.groupBy(paths, folderOf);
  return new Set(paths.filter((path) => isCertain(path) || (isPossible(path) && vouches(folders, path))));
}

function vouches(folders: ReadonlyMap<string, readonly string[]>, path: string): boolean {
  const own = (folders.get(folderOf(path)) ?? []).filter((each) => code.test(each));
  return own.some(isCertain) && own.every(isPossible);
}

function isCertain(path: string): boolean {
  const patterns = code.test(path) ? [...certain, certainOfCode] : certain;
  return patterns.some((pattern) => pattern.test(nameOf(path)));
}

function isPossible(path: string): boolean {
  return possible.test(nameOf(path));
}
