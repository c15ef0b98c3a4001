import { fileURLToPath } from "node:url";

/** Version 3 of https://tc39.es/ecma426/, as far as our tools use it. */
export interface SourceMap {
  readonly version: 3;
  readonly sources: readonly string[];
  readonly sourcesContent?: readonly (string | null)[];
  readonly names: readonly string[];
  readonly mappings: string;
}

/** Reads what a tool wrote, with its sources renamed; what else it says (`file`, `sourceRoot`) is left out. */
export function readMap(json: string | object, rename: (source: string) => string): SourceMap {
  const map = (typeof json === "string" ? JSON.parse(json) : json) as SourceMap;
  return {
    version: 3,
    sources: map.sources.map(rename),
    // Older Sass writes an empty text for one it did not keep.
    ...(map.sourcesContent === undefined
      ? {}
      : { sourcesContent: map.sourcesContent.map((text) => text || null) }),
    names: map.names ?? [],
    mappings: map.mappings,
  };
}

export function writeMap(map: SourceMap): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(map));
}

/** A source as a file: URL or a path. */
export function sourcePath(source: string): string {
  return source.startsWith("file:") ? fileURLToPath(source) : source;
}

const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const values = new Map([...digits].map((digit, value) => [digit.charCodeAt(0), value]));

/**
 * Without its first source, where no mapping names it: lightningcss lists the text it was given before the sources of the
 * map it was given. The indexes are relative, so only the very first one changes.
 */
export function dropFirstSource(map: SourceMap): SourceMap {
  const first = findFirst(map.mappings);
  if (first === undefined) return map;
  return {
    ...map,
    sources: map.sources.slice(1),
    ...(map.sourcesContent === undefined ? {} : { sourcesContent: map.sourcesContent.slice(1) }),
    mappings: map.mappings.slice(0, first.start) + encode(first.value - 1) + map.mappings.slice(first.end),
  };
}

interface Field {
  readonly start: number;
  readonly end: number;
  readonly value: number;
}

/** Where the first source index stands; undefined where some mapping names source 0, or none names any. */
function findFirst(mappings: string): Field | undefined {
  let first: Field | undefined;
  let source = 0;
  let field = 0;
  for (let at = 0; at < mappings.length; ) {
    const code = mappings[at];
    if (code === "," || code === ";") {
      field = 0;
      at++;
      continue;
    }
    const { value, end } = decode(mappings, at);
    if (field++ === 1) {
      source += value;
      if (source === 0) return undefined;
      first ??= { start: at, end, value };
    }
    at = end;
  }
  return first;
}

function decode(text: string, start: number): { value: number; end: number } {
  let bits = 0;
  let shift = 0;
  for (let at = start; at < text.length; at++) {
    const digit = values.get(text.charCodeAt(at)) ?? 0;
    bits |= (digit & 31) << shift;
    shift += 5;
    if ((digit & 32) === 0) return { value: bits & 1 ? -(bits >> 1) : bits >> 1, end: at + 1 };
  }
  return { value: 0, end: text.length };
}

function encode(value: number): string {
  let bits = value < 0 ? (-value << 1) | 1 : value << 1;
  let text = "";
  do {
    const rest = bits >> 5;
    text += digits[(bits & 31) | (rest > 0 ? 32 : 0)];
    bits = rest;
  } while (bits > 0);
  return text;
}
