import type { Draft } from "./draft.ts";
import type { Link } from "./links.ts";
import { elementsOf } from "./markup.ts";
import { byBytes, folderOf, nameOf } from "./paths.ts";

/** A file that a script may ask for by a name that is not rewritten. */
export interface Composed {
  readonly path: string;
  /** `name`: it stands in the script; `beginning`: only how it begins does, so the rest is put together. */
  readonly by: "name" | "beginning";
  /** As it stands there. */
  readonly text: string;
}

/** The tree as scripts may see it. */
export interface Names {
  readonly sorted: readonly string[];
  readonly byName: ReadonlyMap<string, readonly string[]>;
  /** Where the tree is served, without slashes around it: `assets`. */
  readonly place: string;
}

export function namesOf(drafts: readonly Draft[], place: string): Names {
  const sorted = drafts.map(({ path }) => path).sort(byBytes);
  return { sorted, byName: Map.groupBy(sorted, nameOf), place };
}

/** A string from its beginning, or a template from after a value in it. */
const string = /(?:["'`](\.{0,2}\/)?|\}(\/))([\w@][^"'`\\\s?#<>]{0,300}?)(?=["'`?#]|\$\{)/g;

/** What the scripts of a file name in strings: a path from a folder they lie in, or a name below their own. */
export function* composedIn(draft: Draft, links: readonly Link[], names: Names): Generator<Composed> {
  const rewritten = new Set(links.map(({ reference }) => reference.start));
  for (const { text, start } of scriptsOf(draft)) {
    if (draft.language === "js" && looksForItself(draft.path, text)) {
      yield { path: draft.path, by: "name", text: nameOf(draft.path) };
    }
    for (const match of text.matchAll(string)) {
      const [slash, written = ""] = [match[1] ?? match[2], match[3]];
      if (rewritten.has(start + match.index + 1) || slash === "../") continue;
      yield* named(names, folderOf(draft.path), written, slash !== undefined);
    }
  }
}

function* named(names: Names, folder: string, written: string, slash: boolean): Generator<Composed> {
  const inPlace = names.place !== "" && written.startsWith(`${names.place}/`);
  const bare = inPlace ? written.slice(names.place.length + 1) : written;
  for (const path of [bare, ...foldersTo(folder).map((each) => `${each}/${bare}`)]) {
    if (has(names.sorted, path)) yield { path, by: "name", text: written };
    else if (/\w{2}/.test(bare) && (bare.includes("/") || (slash && /\W$/.test(bare)))) {
      for (const each of beginningWith(names.sorted, path))
        yield { path: each, by: "beginning", text: written };
    }
  }
  if (slash || !/\.\w+$/.test(bare)) return;
  for (const path of names.byName.get(bare) ?? []) {
    if (folder === "" || path.startsWith(`${folder}/`)) yield { path, by: "name", text: written };
  }
}

/** `a/b`: `a`, `a/b`. */
function foldersTo(folder: string): readonly string[] {
  const segments = folder === "" ? [] : folder.split("/");
  return segments.map((_, index) => segments.slice(0, index + 1).join("/"));
}

/** Editors find their own address among the page's scripts, by a pattern. */
function looksForItself(path: string, text: string): boolean {
  const stem = nameOf(path).split(".")[0] ?? "";
  return new RegExp(`\\b${stem.replace(/\W/g, "\\$&")}[^\\n"'\`\\s]{0,40}\\\\\\.js`).test(text);
}

/** A script, or the classic ones within a page: its modules are read. */
function scriptsOf({ text, language }: Draft): readonly { text: string; start: number }[] {
  if (text === undefined) return [];
  if (language === "js") return [{ text: text.text, start: 0 }];
  if (language !== "html") return [];
  return elementsOf(text.text, false).flatMap(({ name, content }) =>
    name === "script" && content !== undefined ? [{ text: content.text, start: content.at(0) }] : [],
  );
}

function has(sorted: readonly string[], path: string): boolean {
  return sorted[firstFrom(sorted, path)] === path;
}

function* beginningWith(sorted: readonly string[], start: string): Generator<string> {
  for (let at = firstFrom(sorted, start); sorted[at]?.startsWith(start) === true; at += 1)
    yield sorted[at] ?? "";
}

/** Where a path stands, or would. */
function firstFrom(sorted: readonly string[], path: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (byBytes(sorted[middle] ?? "", path) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
