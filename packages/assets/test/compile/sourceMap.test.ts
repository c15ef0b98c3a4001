import { describe, expect, test } from "@jest/globals";
import { SourceMapConsumer, SourceMapGenerator } from "source-map-js";
import { dropFirstSource, readMap, type SourceMap } from "../../src/compile/sourceMap.ts";
import { excerptAt, syntaxProblem } from "../../src/compile/syntax.ts";

function makeMap(
  sources: readonly string[],
  points: readonly (readonly [line: number, source: number])[],
): SourceMap {
  const generator = new SourceMapGenerator();
  for (const [at, [line, source]] of points.entries()) {
    generator.addMapping({
      generated: { line: 1 + Math.floor(at / 3), column: (at % 3) * 40 },
      original: { line, column: 5 },
      source: sources[source] ?? "",
    });
  }
  for (const source of sources) generator.setSourceContent(source, `text of ${source}`);
  return readMap(generator.toString(), (source) => source);
}

function origins(map: SourceMap): readonly string[] {
  const list: string[] = [];
  new SourceMapConsumer(map as never).eachMapping((one) => {
    list.push(`${one.generatedLine}:${one.generatedColumn} ${one.source}:${one.originalLine}`);
  });
  return list;
}

describe("dropping the first source", () => {
  const points = [1, 2, 900, 3, 70_000, 4].map((line, at) => [line, 1 + ((at * 5) % 17)] as const);
  const sources = Array.from({ length: 40 }, (_, at) => `s${at}.scss`);

  test("changes no origin where nothing comes from it", () => {
    const map = makeMap(sources, points);
    const used = {
      ...map,
      sources: ["unused.css", ...map.sources],
      sourcesContent: ["", ...(map.sourcesContent ?? [])],
    };
    const first = map.mappings.replace(/^([A-Za-z0-9+/])A/, "$1C");
    const dropped = dropFirstSource({ ...used, mappings: first });
    expect([dropped.sources, dropped.sourcesContent]).toEqual([map.sources, map.sourcesContent]);
    expect(origins(dropped)).toEqual(origins(map));
  });

  test("is not done where something comes from it", () => {
    const map = makeMap(
      ["a", "b"],
      [
        [1, 0],
        [2, 1],
      ],
    );
    expect(dropFirstSource(map)).toBe(map);
  });

  test("leaves an empty map and a broken one as they are", () => {
    for (const mappings of ["", ";;;", "A", "!!!!", "gggg"]) {
      const map: SourceMap = { version: 3, sources: ["a"], names: [], mappings };
      expect(dropFirstSource(map)).toBe(map);
    }
  });
});

test("a map is read without what its tool says about itself", () => {
  const json = { version: 3, file: "x", sourceRoot: null, sources: ["a"], mappings: "AAAA" };
  expect(readMap(JSON.stringify(json), (source) => `css/${source}`)).toEqual({
    version: 3,
    sources: ["css/a"],
    names: [],
    mappings: "AAAA",
  });
});

describe("an excerpt", () => {
  test("is the line with a caret", () => {
    expect(excerptAt("one\r\n\ttwo three", 2, 6)).toBe("2 |  two three\n         ^");
  });

  test("of a long line is what stands around the place", () => {
    const [line = "", caret = ""] = excerptAt(`${"a".repeat(500)}!${"b".repeat(500)}`, 1, 501).split("\n");
    expect([line.length, line[caret.indexOf("^")]]).toEqual([124, "!"]);
  });

  test("of a line that is not there is empty, not an error", () => {
    expect(excerptAt("", 9, 1)).toBe("9 | \n    ^");
  });

  test("stands below the next move", () => {
    const { message, hint, place } = syntaxProblem({
      tool: "t",
      message: "bad.",
      file: "f",
      line: 1,
      excerpt: "1 | x",
    });
    expect([message, hint, place]).toEqual([
      "t: bad",
      "Mend that line. Nothing was written or published.\n1 | x",
      { file: "f", line: 1 },
    ]);
  });
});
