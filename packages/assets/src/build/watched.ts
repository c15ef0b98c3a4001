import { basename, dirname, join, relative, sep } from "node:path";

/**
 * The folders in which a new file could take the place of one that was imported: `_a.scss` that appears beside the importing
 * file hides the `_a.scss` of a load path. Compilers do not tell what they looked for, so this lists, for each file that was
 * read and each folder it may have been found from, the same place below every folder that is asked before that one.
 */
export function listWatched(inputs: readonly string[], search: readonly string[]): readonly string[] {
  const near = [...new Set(inputs.map((input) => dirname(input)))];
  // All folders of importing files rank first, in no order among themselves.
  const ranks = [
    ...near.map((folder) => ({ folder, rank: 0 })),
    ...search.map((folder, at) => ({ folder, rank: at + 1 })),
  ];
  const watched = new Set<string>();
  for (const input of inputs) {
    const stem = basename(input).replace(/^_|\.[^.]+$/g, "");
    for (const { folder, rank } of ranks) {
      const tail = relative(folder, dirname(input));
      if (tail === ".." || tail.startsWith(`..${sep}`)) continue;
      for (const other of ranks) {
        if (other.rank > rank) continue;
        const place = join(other.folder, tail);
        watched.add(place);
        // `a/_index.scss` is imported as `a`, and hides or is hidden by `_a.scss`.
        watched.add(stem === "index" ? dirname(place) : join(place, stem));
      }
    }
  }
  return [...watched].sort();
}
