import type { BuiltFile, FingerprintOptions } from "../types.ts";
import { readDrafts } from "./draft.ts";
import { type Named, nameFiles } from "./fingerprint.ts";
import { readyForJs } from "./js.ts";
import { keepNames, pinNames } from "./keep.ts";
import { findLinks } from "./links.ts";
import { folderOf } from "./paths.ts";

type Options = Pick<FingerprintOptions, "fingerprint" | "baseUrl" | "sourceMaps" | "signal" | "onWarning">;

/** Reads the files, decides which keep their names, and gives every other its own. Writes nothing. */
export async function planFiles(files: readonly BuiltFile[], options: Options): Promise<readonly Named[]> {
  await readyForJs();
  const onWarning = options.onWarning ?? (() => {});
  const read = await readDrafts(files);
  const drafts = options.sourceMaps === "none" ? read.filter(({ file }) => file.kind !== "map") : read;
  const known = new Set(drafts.flatMap(({ path }) => [path, `${folderOf(path)}/`]));
  const baseUrl = options.baseUrl?.replace(/\/+$/, "");
  const kept = await keepNames(drafts, options.fingerprint);
  const links = findLinks(drafts, {
    isFixed: (path) => ["frozen", "off"].includes(kept.reasons.get(path) ?? ""),
    has: (path) => known.has(path),
    mount: baseUrl === undefined ? "" : new URL(baseUrl).pathname.replace(/\/+$/, ""),
    onWarning,
  });
  return nameFiles(
    {
      drafts,
      links,
      kept: options.fingerprint === "auto" ? pinNames(drafts, links, kept, onWarning) : kept,
    },
    {
      sourceMaps: options.sourceMaps,
      ...(baseUrl === undefined ? {} : { baseUrl }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    },
  );
}
