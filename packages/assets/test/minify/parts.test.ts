import { describe, expect, test } from "@jest/globals";
import { isModule } from "../../src/minify/module.ts";
import { readSiblingMap, siblingMap } from "../../src/minify/siblingMap.ts";
import { makeTree } from "../build/tree.ts";

describe("a script is a module", () => {
  test.each([
    ["a.mjs", "", true],
    ["a.cjs", "export {}", false],
    ["a.js", "import './b.js'", true],
    ["a.js", "export default 1", true],
    ["a.js", "import('./b.js')", false],
    ["a.js", "// import and export\nvar a = 'export {}'", false],
    ["a.js", "export {", false],
  ])("%s: %j is %s", async (path, code, expected) => {
    expect(await isModule(path, code)).toBe(expected);
  });
});

describe("the map beside a script", () => {
  test("is the last one it names, if it is there and beside it", () => {
    const root = makeTree({ "a.js.map": "{}", "sub/b.map": "{}" });
    const find = (code: string) => siblingMap(`${root}/a.js`, code);
    expect(find("x\n//# sourceMappingURL=a.js.map\n")).toBe(`${root}/a.js.map`);
    expect(find("x\n/*# sourceMappingURL=a.js.map */")).toBe(`${root}/a.js.map`);
    const others = [
      "gone.map",
      "sub/b.map",
      "../a.js.map",
      "/etc/x.map",
      "data:application/json,x",
      "https://x/a.map",
    ];
    expect(others.map((name) => find(`//# sourceMappingURL=${name}\n`))).toEqual(others.map(() => undefined));
    expect(find("x")).toBeUndefined();
  });

  test("has its sources seen from its own folder", () => {
    const map = { version: 3, sourceRoot: "../src", sources: ["a.ts", "webpack://x/b.ts"], mappings: "" };
    const root = makeTree({
      "js/a.map": JSON.stringify(map),
      "js/b.map": "{",
      "js/c.map": '{"version":3,"sections":[]}',
    });
    const read = (name: string) => readSiblingMap(`${root}/js/${name}`, (path) => path.slice(root.length));
    expect(read("a.map")?.sources).toEqual(["/src/a.ts", "webpack://x/b.ts"]);
    expect([read("b.map"), read("c.map"), read("gone.map")]).toEqual([undefined, undefined, undefined]);
  });
});
