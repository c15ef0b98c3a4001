import type { Edit } from "./edit.ts";
import { shiftMappings } from "./shift.ts";

/** A `sourceMappingURL` comment (https://tc39.es/ecma426/), with the span of the whole and of its URL. */
export interface MapComment {
  readonly url: string;
  readonly start: number;
  readonly end: number;
  readonly urlStart: number;
}

const comment =
  /\/\/[#@][ \t]*sourceMappingURL=([^\s'"]+)[ \t]*$|\/\*[#@][ \t]*sourceMappingURL=([^\s'"*]+)\s*\*\//gm;
const blank = /^(?:\s|\/\*(?:[^*]|\*(?!\/))*\*\/|\/\/[^\n]*(?:\n|$))*$/;
/** Comments after the one that counts are few: more text is code, and the match was inside a string of it. */
const longestTail = 2000;

/** The comment that ends the file; one inside code or strings is none. */
export function mapComment(text: string): MapComment | undefined {
  const match = [...text.matchAll(comment)].at(-1);
  if (match === undefined) return undefined;
  const end = match.index + match[0].length;
  const tail = text.slice(end);
  if (tail.length > longestTail || !blank.test(tail)) return undefined;
  const url = match[1] ?? match[2] ?? "";
  return { url, start: match.index, end, urlStart: match.index + match[0].indexOf("=") + 1 };
}

/** The edit that leaves the file without its comment, and without the line it stood on. */
export function dropComment(text: string, found: MapComment): Edit {
  const start = text.charAt(found.start - 1) === "\n" ? found.start - 1 : found.start;
  return { start, end: found.end, text: "" };
}

/** The edit that makes the comment name `url`. */
export function nameComment(text: string, css: boolean, url: string): Edit {
  const found = mapComment(text);
  if (found !== undefined)
    return { start: found.urlStart, end: found.urlStart + found.url.length, text: url };
  const line = css ? `/*# sourceMappingURL=${url} */` : `//# sourceMappingURL=${url}`;
  const broken = text === "" || text.endsWith("\n") ? "" : "\n";
  return { start: text.length, end: text.length, text: `${broken}${line}\n` };
}

/** The map of a file called `name` whose text got `edits`; what is no map of version 3 stays as it is. */
export function mendMap(map: Uint8Array, name: string, text: string, edits: readonly Edit[]): Uint8Array {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(map).toString("utf8"));
  } catch {
    return map;
  }
  if (typeof parsed !== "object" || parsed === null || !("version" in parsed)) return map;
  const { version, file: _file, ...rest } = parsed as Record<string, unknown>;
  const mappings = rest.mappings;
  const moved = typeof mappings === "string" ? { mappings: shiftMappings(mappings, text, edits) } : {};
  return Buffer.from(JSON.stringify({ version, file: name, ...rest, ...moved }));
}
