import { SourceMapConsumer, SourceMapGenerator } from "source-map-js";
import { readMap, type SourceMap } from "../../compile/sourceMap.ts";

/** Offsets of what begins a rule or a declaration: in the text that was made, and in the one it was made of. */
export type Mark = readonly [made: number, source: number];

export interface Origin {
  readonly text: string;
  /** The name of that text, where it has no map of its own. */
  readonly path: string;
  /** Where that text came from. */
  readonly map?: SourceMap;
}

/** The map of a text by its marks, through the map that its origin came with. */
export function mapOf(made: string, marks: readonly Mark[], { text, path, map }: Origin): SourceMap {
  const generator = new SourceMapGenerator({});
  const consumer = map && new SourceMapConsumer({ ...map, version: "3", file: "" } as never);
  const [here, there] = [placesIn(made), placesIn(text)];
  for (const [at, from] of marks) {
    const place = there(from);
    const found = consumer?.originalPositionFor(place);
    if (found?.source === null) continue;
    const { line, column, source } = found ?? { ...place, source: path };
    generator.addMapping({ generated: here(at), original: { line, column }, source });
  }
  if (map === undefined) generator.setSourceContent(path, text);
  for (const [index, source] of (map?.sources ?? []).entries()) {
    const content = map?.sourcesContent?.[index];
    if (typeof content === "string") generator.setSourceContent(source, content);
  }
  return readMap(JSON.parse(generator.toString()) as object, (source) => source);
}

/** Lines from 1, columns from 0. */
function placesIn(text: string): (offset: number) => { line: number; column: number } {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) };
  };
}
