import type { BuiltFile, FingerprintOptions } from "../types.ts";
import { readDrafts } from "./draft.ts";
import { type Named, nameFiles } from "./fingerprint.ts";
import { readyForJs } from "./js.ts";
import { type Kept, keepNames, pinNames } from "./keep.ts";
import { findLinks } from "./links.ts";
import { folderOf } from "./paths.ts";

type Options = Pick<
  FingerprintOptions,
  "fingerprint" | "baseUrl" | "place" | "keep" | "sourceMaps" | "signal" | "onWarning"
>;

/** Reads the files, decides which keep their names, and gives every other its own. Writes nothing. */
export async function planFiles(files: readonly BuiltFile[], options: Options): Promise<readonly Named[]> {
  await readyForJs();
  const onWarning = options.onWarning ?? (() => {});
  const read = await readDrafts(files);
  const drafts = options.sourceMaps === "none" ? read.filter(({ file }) => file.kind !== "map") : read;
  const known = new Set(drafts.flatMap(({ path }) => [path, `${folderOf(path)}/`]));
  const baseUrl = options.baseUrl?.replace(/\/+$/, "");
  const mount = baseUrl === undefined ? options.place : new URL(baseUrl).pathname.replace(/\/+$/, "");
  const names = await keepNames(drafts, options.fingerprint, options.keep ?? []);
  const links = findLinks(drafts, {
    isFixed: (path) => ["frozen", "off"].includes(names.reasons.get(path) ?? ""),
    has: (path) => known.has(path),
    mount: mount ?? "",
    // What is served from one known place has nothing at the root, unless it is a whole site.
    rooted: baseUrl !== undefined || !options.place || known.has("index.html"),
    onWarning,
  });
  const place = (mount ?? "").slice(1);
  const kept = options.fingerprint === "auto" ? pinNames(drafts, links, names, { place, onWarning }) : names;
  const named = await nameFiles(
    { drafts, links, kept },
    {
      sourceMaps: options.sourceMaps,
      ...(baseUrl === undefined ? {} : { baseUrl }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    },
  );
  return named.flatMap((each) => (isCopied(each, kept) ? [each, copyOf(each)] : [each]));
}

function isCopied({ draft, path }: Named, { copied }: Kept): boolean {
  return copied.has(draft.path) && path !== draft.path;
}

/** Under the name people wrote; its source map is the other's. */
function copyOf({ map: _, ...named }: Named): Named {
  return { ...named, path: named.draft.path, immutable: false, copy: true };
}
