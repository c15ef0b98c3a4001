import { describe, expect, test } from "@jest/globals";
import { SourceMapConsumer, SourceMapGenerator } from "source-map-js";
import { applyEdits } from "../../src/fingerprint/edit.ts";
import { shiftMappings } from "../../src/fingerprint/shift.ts";
import { mapComment } from "../../src/fingerprint/sourcemap.ts";
import { built, write } from "../output/tree.ts";

const map = { version: 3, file: "old", sources: ["app.scss"], names: [], mappings: "AAAA" };

describe("the comment", () => {
  test.each([
    ["1\n//# sourceMappingURL=a.js.map", "a.js.map"],
    ["1\n//@ sourceMappingURL=a.js.map  \n\n", "a.js.map"],
    ["a{}/*# sourceMappingURL=a.css.map */", "a.css.map"],
    ["a{}\n/*# sourceMappingURL=a.css.map */\n/* end */\n", "a.css.map"],
    ['x="//# sourceMappingURL=a.js.map"', undefined],
    ["//# sourceMappingURL=a.js.map\ncode()", undefined],
    ["//# sourceMappingURL=a.map\n//# sourceMappingURL=b.map", "b.map"],
    ["//# sourceMappingURL=data:application/json;base64,e30=", "data:application/json;base64,e30="],
    ["1", undefined],
  ])("%s", (text, url) => {
    expect(mapComment(text)?.url).toBe(url);
  });
});

describe("publish", () => {
  test("the map is named after its file, linked from it, and says its name", async () => {
    const { names, texts, index } = await write([built("css/app.css", "a{}", map)]);
    const css = names["css/app.css"] ?? "";
    expect(names["css/app.css.map"]).toBe(`${css}.map`);
    expect(texts[css]).toBe(`a{}\n/*# sourceMappingURL=${css.slice(4)}.map */\n`);
    expect(JSON.parse(texts[`${css}.map`] ?? "")).toEqual({ ...map, file: css.slice(4) });
    expect(index.files.map(({ immutable, kind, kept }) => [immutable, kind, kept])).toEqual([
      [true, "css", undefined],
      [true, "map", undefined],
    ]);
  });

  test("a map that changes changes the name of its file: both are for ever", async () => {
    const one = await write([built("a.js", "1", map)]);
    const two = await write([built("a.js", "1", { ...map, sourcesContent: ["other"] })]);
    expect(one.names["a.js"]).not.toBe(two.names["a.js"]);
  });

  test("maps that lie in the tree are joined by comment or by name; a comment that names nothing goes", async () => {
    const { names, texts } = await write({
      "a.min.js": "1\n//# sourceMappingURL=a.min.map\n",
      "a.min.map": JSON.stringify(map),
      "b.css": "b{}",
      "b.css.map": JSON.stringify(map),
      "c.js": "1\n//# sourceMappingURL=gone.map\n",
      "d.js": "1\n//# sourceMappingURL=https://h/d.map\n",
    });
    expect(texts[names["a.min.js"] ?? ""]).toBe(`1\n//# sourceMappingURL=${names["a.min.js"]}.map\n`);
    expect(texts[names["b.css"] ?? ""]).toBe(`b{}\n/*# sourceMappingURL=${names["b.css"]}.map */\n`);
    expect(texts[names["c.js"] ?? ""]).toBe("1\n");
    expect(texts[names["d.js"] ?? ""]).toBe("1\n//# sourceMappingURL=https://h/d.map\n");
    expect(Object.keys(names)).toEqual(expect.arrayContaining(["a.min.js.map", "b.css.map"]));
    expect(names["a.min.map"]).toBeUndefined();
  });
});

describe("keep and none", () => {
  const files = [
    built("a.css", "a{}\n/*# sourceMappingURL=a.css.map */", map),
    built("b.js", "1\n//# sourceMappingURL=data:x,y\n"),
    built("orphan.map", "{}"),
  ];

  test("keep writes maps beside their files, not linked and not to be published", async () => {
    const { names, texts, index } = await write(files, { sourceMaps: "keep", precompress: ["gzip"] });
    expect(texts[names["a.css"] ?? ""]).toBe("a{}");
    expect(texts[names["b.js"] ?? ""]).toBe("1\n");
    expect(index.files.filter((file) => file.kept).map((file) => file.logical)).toEqual([
      "a.css.map",
      "orphan.map",
    ]);
  });

  test("none drops maps and comments", async () => {
    const { names, texts } = await write(files, { sourceMaps: "none" });
    expect(Object.keys(names)).toEqual(["a.css", "b.js"]);
    expect(texts[names["a.css"] ?? ""]).toBe("a{}");
  });
});

describe("mappings", () => {
  test("columns behind an edit move with it", () => {
    const text = "aaaa(b.png)cccc\ndddd(e.png)ffff";
    const generator = new SourceMapGenerator();
    const add = (line: number, column: number, original: number) =>
      generator.addMapping({
        generated: { line, column },
        original: { line: original, column: 0 },
        source: "s",
      });
    add(1, 0, 1);
    add(1, 5, 2);
    add(1, 11, 3);
    add(2, 4, 4);
    add(2, 11, 5);
    const edits = [
      { start: 5, end: 10, text: "b-0123456789ab.png" },
      { start: text.indexOf("e.png"), end: text.indexOf("e.png") + 5, text: "e" },
    ];
    const old = JSON.parse(generator.toString());
    const consumer = new SourceMapConsumer({ ...old, mappings: shiftMappings(old.mappings, text, edits) });
    const found: unknown[] = [];
    consumer.eachMapping((each) => found.push([each.generatedLine, each.generatedColumn, each.originalLine]));
    expect(applyEdits(text, edits)).toBe("aaaa(b-0123456789ab.png)cccc\ndddd(e)ffff");
    expect(found).toEqual([
      [1, 0, 1],
      [1, 5, 2],
      [1, 24, 3],
      [2, 4, 4],
      [2, 7, 5],
    ]);
  });

  test("what is no mapping stays", () => {
    expect(shiftMappings("", "a", [{ start: 0, end: 0, text: "x" }])).toBe("");
    expect(shiftMappings("AAAA;;AACA", "a\nb\nc", [])).toBe("AAAA;;AACA");
  });
});
