import { bundlerManifests, type Listed, listedBy } from "./bundler.ts";
import { composedIn, namesOf } from "./composed.ts";
import { bytesOf, type Draft, largestText, sizeOf } from "./draft.ts";
import { matcher } from "./globs.ts";
import type { Link, Warn } from "./links.ts";
import { isEntry } from "./name.ts";
import { namedByContent } from "./pattern.ts";

/**
 * Why a file keeps its name. `entry`: its name is its address; `frozen`: a bundler named it, its bytes are not touched
 * either; `pinned`: something we do not rewrite names it; `told`: the config says so; `off`: fingerprints are.
 */
export type Reason = "entry" | "frozen" | "pinned" | "told" | "off";

export interface Kept {
  readonly reasons: ReadonlyMap<string, Reason>;
  /** Frozen files whose names came from their content. */
  readonly hashed: ReadonlySet<string>;
  /** Named by their content, and under their own names too: scripts put those together. */
  readonly copied: ReadonlySet<string>;
}

/** Which files keep their names without a look into them: entry documents, and what a bundler made. */
export async function keepNames(
  drafts: readonly Draft[],
  mode: "auto" | "all" | "none",
  patterns: readonly string[],
): Promise<Kept> {
  const isTold = matcher(patterns);
  const reasons = new Map<string, Reason>();
  const hashed = new Set<string>();
  for (const { path } of drafts) {
    if (mode === "none") reasons.set(path, "off");
    else if (isEntry(path)) reasons.set(path, "entry");
    else if (isTold(path)) reasons.set(path, "told");
  }
  const copied = new Set<string>();
  if (mode !== "auto") return { reasons, hashed, copied };
  const { files: listed, manifests } = await listedFiles(drafts);
  // Servers read it under its name.
  for (const path of manifests) reasons.set(path, "entry");
  const rest = drafts.map(({ path }) => path).filter((path) => !reasons.has(path));
  const named = namedByContent(rest.filter((path) => !listed.has(path)));
  for (const path of rest) {
    if (listed.has(path) || named.has(path)) reasons.set(path, "frozen");
    if (listed.get(path) === true || named.has(path)) hashed.add(path);
  }
  return { reasons, hashed, copied };
}

/** What bundlers' manifests list, whatever folder they lie in, and these themselves. Their paths are of that folder, or of the tree. */
async function listedFiles(
  drafts: readonly Draft[],
): Promise<{ readonly files: Listed; readonly manifests: readonly string[] }> {
  const paths = new Set(drafts.map(({ path }) => path));
  const files = new Map<string, boolean>();
  const manifests: string[] = [];
  for (const { path, file } of drafts) {
    const name = bundlerManifests.find((each) => path === each || path.endsWith(`/${each}`));
    if (name === undefined || sizeOf(file) > largestText) continue;
    const folder = path.slice(0, -name.length);
    const text = Buffer.from(await bytesOf(file)).toString("utf8");
    const here = [...listedBy(text, (each) => paths.has(`${folder}${each}`))];
    const found =
      here.length > 0 ? here : folder === "" ? [] : [...listedBy(text, (each) => paths.has(each))];
    for (const [each, hashed] of found) files.set(here.length > 0 ? `${folder}${each}` : each, hashed);
    if (found.length > 0) manifests.push(path);
  }
  return { files, manifests };
}

/**
 * `auto` also leaves the names of files that something names which is not rewritten: a bundler's own files, and scripts
 * that hold a file's path or name in a string. Where only the beginning stands there, all that begin so are copied.
 */
export function pinNames(
  drafts: readonly Draft[],
  links: ReadonlyMap<string, readonly Link[]>,
  { reasons, hashed }: Kept,
  { place, onWarning }: { readonly place: string; readonly onWarning: Warn },
): Kept {
  const pinned = new Map(reasons);
  const copied = new Set<string>();
  const names = namesOf(drafts, place);
  const known = new Set(names.sorted);
  const pin = (path: string): boolean => {
    if (pinned.has(path) || !known.has(path)) return false;
    pinned.set(path, "pinned");
    return true;
  };
  for (const draft of drafts) {
    const own = links.get(draft.path) ?? [];
    const frozen = reasons.get(draft.path) === "frozen";
    if (frozen) for (const { target } of own) pin(target);
    const begun = new Set<string>();
    for (const { path, by, text } of composedIn(draft, own, names)) {
      if (by === "beginning" && !pinned.has(path)) {
        copied.add(path);
        begun.add(text);
      } else if (by === "name" && pin(path) && !frozen) {
        const file = text === path ? "that file" : `"${path}"`;
        const why = `It holds "${text}" in a string, so ${file} keeps its name and is not cached for ever`;
        onWarning(why, { file: draft.file.from });
      }
    }
    for (const text of frozen ? [] : begun) {
      const why = `It puts names together that begin with "${text}", so such files lie under their own names too`;
      onWarning(why, { file: draft.file.from });
    }
  }
  return { reasons: pinned, hashed, copied };
}
