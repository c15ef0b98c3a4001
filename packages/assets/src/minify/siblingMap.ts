import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { readMap, type SourceMap } from "../compile/sourceMap.ts";

const comment = /^[ \t]*(?:\/\/|\/\*)[#@][ \t]*sourceMappingURL=([^\s'"*]+)[ \t]*(?:\*\/)?[ \t]*$/gm;

/** The file beside it that a script names as its source map, if it is there: absolute. */
export function siblingMap(absolute: string, code: string): string | undefined {
  const name = [...code.matchAll(comment)].at(-1)?.[1];
  if (name === undefined || !/^[\w.@-]+\.map$/.test(name)) return undefined;
  const path = resolve(dirname(absolute), name);
  return existsSync(path) ? path : undefined;
}

/** Its map with sources as absolute paths renamed; undefined where it is not a map we can read. */
export function readSiblingMap(path: string, rename: (absolute: string) => string): SourceMap | undefined {
  try {
    const json = JSON.parse(readFileSync(path, "utf8")) as { sourceRoot?: string; sections?: unknown };
    if (json.sections !== undefined) return undefined;
    const base = resolve(dirname(path), json.sourceRoot ?? "");
    return readMap(json, (source) =>
      /^[a-z][\w+.-]*:/i.test(source) ? source : rename(resolve(base, source)),
    );
  } catch {
    return undefined;
  }
}
