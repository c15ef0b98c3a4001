import { describe, expect, test } from "@jest/globals";
import { readMap } from "../../src/compile/sourceMap.ts";
import { excerptAt, syntaxProblem } from "../../src/compile/syntax.ts";

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
