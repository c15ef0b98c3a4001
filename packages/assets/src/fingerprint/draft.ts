import { readFile } from "node:fs/promises";
import type { BuiltFile } from "../types.ts";
import { unreadable } from "./digest.ts";
import { inParallel } from "./parallel.ts";
import { folderOf } from "./paths.ts";
import { resolve } from "./resolve.ts";
import { mapComment } from "./sourcemap.ts";
import { decode, type Language, languageOf, type Text } from "./text.ts";

/** A file on its way to its name. */
export interface Draft {
  readonly path: string;
  readonly file: BuiltFile;
  /** Present for what may name other files, and is small enough to be read. */
  readonly text?: Text;
  readonly language?: Language;
  /** Its source map. */
  readonly map?: Uint8Array;
}

/** Larger texts are copied as they are. */
export const largestText = 64 * 1024 * 1024;

/** Reads what is text, and joins source maps that lie in the tree to the files they are of. */
export async function readDrafts(files: readonly BuiltFile[]): Promise<readonly Draft[]> {
  const read = await inParallel(files, 16, readDraft);
  const maps = new Map(files.filter((file) => file.kind === "map").map((file) => [file.path, file]));
  const owners = new Map<string, string>();
  for (const draft of read) {
    const path = mapOf(draft, (path) => maps.has(path));
    if (path !== undefined && !owners.has(path)) owners.set(path, draft.path);
  }
  const joined = new Map<string, Uint8Array>();
  for (const [map, owner] of owners) {
    const file = maps.get(map);
    if (file !== undefined && file.contents.kind === "bytes") joined.set(owner, file.contents.bytes);
    else if (file !== undefined) joined.set(owner, await bytesOf(file));
  }
  return read
    .filter((draft) => !owners.has(draft.path))
    .map((draft) => {
      const map = draft.map ?? joined.get(draft.path);
      return map === undefined ? draft : { ...draft, map };
    });
}

async function readDraft(file: BuiltFile): Promise<Draft> {
  const draft: Draft = { path: file.path, file, ...(file.map === undefined ? {} : { map: file.map }) };
  const language = languageOf(file.path, file.kind);
  if (language === undefined || sizeOf(file) > largestText) return draft;
  const text = decode(await bytesOf(file));
  const webApp = file.path !== "manifest.json" || /"(?:icons|start_url)"/.test(text.text);
  return webApp ? { ...draft, text, language } : draft;
}

/** The map its comment names, or the one beside it. A map of the compiler's own takes the place of that one. */
function mapOf({ path, text, language }: Draft, has: (path: string) => boolean): string | undefined {
  if (text === undefined || (language !== "css" && language !== "js")) return undefined;
  const url = mapComment(text.text)?.url;
  const named = url === undefined ? undefined : resolve(folderOf(path), url, has);
  if (named?.kind === "file") return named.path;
  return has(`${path}.map`) ? `${path}.map` : undefined;
}

export async function bytesOf(file: BuiltFile): Promise<Uint8Array> {
  if (file.contents.kind === "bytes") return file.contents.bytes;
  try {
    return await readFile(file.contents.absolute);
  } catch (error) {
    throw unreadable(file.contents.absolute, error);
  }
}

export function sizeOf({ contents }: BuiltFile): number {
  return contents.kind === "bytes" ? contents.bytes.length : contents.size;
}
