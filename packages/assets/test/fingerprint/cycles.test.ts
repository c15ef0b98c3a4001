import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { components } from "../../src/fingerprint/graph.ts";
import { write } from "../output/tree.ts";

describe("components", () => {
  const of = (graph: Readonly<Record<string, readonly string[]>>) =>
    components(Object.keys(graph), (node) => graph[node] ?? []);

  test("each comes after what it leads to; circles are together", () => {
    expect(of({ a: ["b"], b: ["c"], c: ["b", "d"], d: [], e: ["e"] })).toEqual([
      ["d"],
      ["b", "c"],
      ["a"],
      ["e"],
    ]);
  });

  test("two circles that touch are one; a chain of 20,000 needs no stack", () => {
    expect(of({ a: ["b"], b: ["a", "c"], c: ["b"] })).toEqual([["a", "b", "c"]]);
    const chain = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`${i}`, [`${i + 1}`]]));
    expect(of({ ...chain, "20000": [] })).toHaveLength(20_001);
  });
});

describe("circles of files", () => {
  const circle = {
    "a.js": 'import "./b.js"; export const a = 1',
    "b.js": 'import {a} from "./a.js"; import "./c.js"',
    "c.js": "1",
    "self.js": "new URL('./self.js', import.meta.url)",
    "x.css": "@import 'y.css';",
    "y.css": "@import url(x.css);",
  };

  test("every reference names the final file", async () => {
    const { names, texts } = await write(circle);
    expect(texts[names["a.js"] ?? ""]).toBe(`import "./${names["b.js"]}"; export const a = 1`);
    expect(texts[names["b.js"] ?? ""]).toBe(
      `import {a} from "./${names["a.js"]}"; import "./${names["c.js"]}"`,
    );
    expect(texts[names["self.js"] ?? ""]).toBe(`new URL('./${names["self.js"]}', import.meta.url)`);
    expect(texts[names["x.css"] ?? ""]).toBe(`@import '${names["y.css"]}';`);
  });

  test.each(["a.js", "b.js", "c.js"])(
    "a change of %s changes the names of the circle, and of nothing else",
    async (path) => {
      const before = (await write(circle)).names;
      const after = (await write({ ...circle, [path]: `${circle[path as "a.js"]};` })).names;
      const changed = Object.keys(before).filter((each) => before[each] !== after[each]);
      expect(changed).toEqual(path === "c.js" ? ["a.js", "b.js", "c.js"] : ["a.js", "b.js"]);
    },
  );

  test("the order in which the files come changes nothing", async () => {
    const one = await write(circle);
    const two = await write(Object.fromEntries(Object.entries(circle).reverse()));
    expect([two.index, two.texts]).toEqual([one.index, one.texts]);
  });

  test("modules in a circle still run", async () => {
    const { output, names } = await write({
      "odd.mjs": "import { even } from './even.mjs'; export const odd = (n) => n !== 0 && even(n - 1);",
      "even.mjs": "import { odd } from './odd.mjs'; export const even = (n) => n === 0 || odd(n - 1);",
      "main.mjs":
        "const { odd } = await import('./odd.mjs'); console.log(odd(7), new URL('./d.json', import.meta.url).pathname.split('/').at(-1));",
      "d.json": "{}",
    });
    const said = execFileSync(process.execPath, [join(output, names["main.mjs"] ?? "")], {
      encoding: "utf8",
    });
    expect(said).toBe(`true ${names["d.json"]}\n`);
  });
});
