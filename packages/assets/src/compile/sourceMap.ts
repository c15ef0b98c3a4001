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
