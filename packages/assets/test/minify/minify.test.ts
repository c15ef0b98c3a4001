import { Script } from "node:vm";
import { describe, expect, test } from "@jest/globals";
import { SourceMapConsumer } from "source-map-js";
import { build, makeTree, mapOf, textOf, texts } from "../build/tree.ts";

async function minified(files: Record<string, string>, options: Parameters<typeof build>[1] = {}) {
  return texts(await build(makeTree(files), { minify: true, ...options }));
}

describe("minifying", () => {
  test("makes each language smaller and keeps licences", async () => {
    const files = {
      "assets/a.css": "/*! keep */\n.x { color: #ffffff; }\n",
      "assets/a.js": "/*! keep */\n/** not */\nconst long = 1 + 1;\nconsole.log(long);\n// @license MIT\n",
      "assets/m.js": "const long = 40 + 2;\nexport { long as answer };\n",
      "assets/s.svg":
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><title>t</title> <g id="a"><path d="M0 0L1 1"/></g></svg>',
      "assets/p.html": '<p  class="a">  x\n  y </p> <!-- gone --><!--# include -->\n',
    };
    expect(await minified(files, { html: true })).toEqual({
      "a.css": "/*! keep */\n.x{color:#fff}",
      // A script's own names are seen by other scripts.
      "a.js": "/*! keep */\nconst long=2;console.log(2);\n// @license MIT",
      "m.js": "const s=42;export{s as answer};",
      "s.svg":
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><title>t</title><path id="a" d="m0 0 1 1"/></svg>',
      "p.html": '<p class="a"> x y </p> <!--# include --> ',
    });
  });

  test("leaves alone what is minified, unknown or not asked for", async () => {
    const files = {
      "assets/a.min.css": ".x { color: #ffffff; }",
      "assets/a.min.js": "const a = 1 + 1;",
      "assets/p.html": "<p>  x </p>",
      "assets/site.webmanifest": '{ "name": "x" }',
      "assets/i.png": "png",
      "assets/data.json": '{ "a": 1 }',
      "assets/font.svg": '<svg><font id="f"> <glyph unicode="a" d="M0 0"/></font></svg>',
    };
    expect(await minified(files)).toEqual({
      "a.min.css": ".x { color: #ffffff; }",
      "a.min.js": "const a = 1 + 1;",
      "p.html": "<p>  x </p>",
      "site.webmanifest": "file",
      "i.png": "file",
      "data.json": "file",
      "font.svg": files["assets/font.svg"],
    });
  });

  test("asks for no newer browsers than the source did", async () => {
    const css = "@media (min-width: 10px) and (max-width: 20px) { a { color: rgba(0, 0, 0, .5) } }";
    const made = await minified({ "assets/a.css": css });
    expect(made["a.css"]).toBe("@media (min-width:10px) and (max-width:20px){a{color:rgba(0,0,0,.5)}}");
  });

  test("keeps what a script does", async () => {
    const source = "var log = []; for (var i = 0; i < 3; i++) { log.push(i * 2); } log.join();";
    const { "a.js": code = "" } = await minified({ "assets/a.js": source });
    expect([new Script(code).runInNewContext(), code.length < source.length]).toEqual(["0,2,4", true]);
  });

  test("tells sizes before it: the compiled CSS, the plain script", async () => {
    const root = makeTree({ "assets/a.scss": "$x: red;\na { b: $x }", "assets/b.js": "var a = 1 ;" });
    const { files } = await build(root, { minify: true });
    expect(files.map(({ path, from, kind, before }) => [path, from, kind, before])).toEqual([
      ["a.css", "a.scss", "css", 16],
      ["b.js", "b.js", "js", 11],
    ]);
  });
});

describe("browserslist", () => {
  const css = ".a { .b & { color: red } user-select: none }";

  test("of package.json decides what is rewritten, minified or not", async () => {
    const files = { "assets/a.css": css, "package.json": '{ "browserslist": ["safari 13"] }' };
    expect(await minified(files)).toEqual({
      "a.css": ".b .a{color:red}.a{-webkit-user-select:none;user-select:none}",
    });
    expect(textOf((await build(makeTree(files))).files[0] as never)).toContain("-webkit-user-select: none;");
  });

  test("of .browserslistrc nearer to the source wins", async () => {
    const files = {
      "package.json": '{ "browserslist": ["safari 13"] }',
      "assets/.browserslistrc": "chrome 130\n",
      "assets/a.css": css,
    };
    expect(await minified(files)).toEqual({ "a.css": ".a{.b &{color:red}user-select:none}" });
  });

  test("that names unknown browsers is one clear error", async () => {
    const root = makeTree({ "package.json": '{ "browserslist": ["netscpe 4"] }', "assets/a.css": css });
    await expect(build(root)).rejects.toMatchObject({
      problem: { code: "browserslist-invalid", message: expect.stringContaining("netscpe") },
    });
  });
});

describe("source maps", () => {
  test("lead from minified CSS through Sass to the line somebody wrote", async () => {
    const files = {
      "assets/css/a.scss": "@use 'p';\n\n.first { color: red; }\n.b {\n  .c { @include p.m; }\n}\n",
      "assets/css/_p.scss": "// one\n@mixin m {\n  width: 42px;\n}\n",
    };
    const built = await build(makeTree(files), { minify: true, sourceMaps: true });
    expect(await originOf(built, "css/a.css", ".b")).toEqual(["css/a.scss", 5]);
    expect(mapOf(built, "css/a.css").sourcesContent).toContain(files["assets/css/_p.scss"]);
  });

  test("lead from a minified script to its lines, and through a map that came with it", async () => {
    const original = {
      version: 3,
      sources: ["../src/a.ts"],
      sourcesContent: ["let typed: number = 1;\nuse(typed);\n"],
    };
    const map = {
      ...original,
      names: [],
      mappings: "AAAA,IAAI,KAAK,GAAW,CAAC,CAAC;AACtB,GAAG,CAAC,KAAK,CAAC,CAAC",
    };
    const root = makeTree({
      "assets/js/a.js": "let typed = 1;\nuse(typed);\n//# sourceMappingURL=a.js.map\n",
      "assets/js/a.js.map": JSON.stringify(map),
      "assets/js/b.js": "\n\nuse( 1 );\n",
    });
    const built = await build(root, { minify: true, sourceMaps: true });
    expect(built.files.map(({ path }) => path)).toEqual(["js/a.js", "js/b.js"]);
    expect(await originOf(built, "js/a.js", "use")).toEqual(["src/a.ts", 2]);
    expect(await originOf(built, "js/b.js", "use")).toEqual(["js/b.js", 3]);
  });

  test("are not made unless asked for; then a map in the tree is a file like others", async () => {
    const root = makeTree({
      "assets/a.js": "a();\n//# sourceMappingURL=a.js.map\n",
      "assets/a.js.map": "{}",
    });
    const built = await build(root, { minify: true });
    expect(built.files.map(({ path, map }) => [path, map])).toEqual([
      ["a.js", undefined],
      ["a.js.map", undefined],
    ]);
  });
});

async function originOf(built: Awaited<ReturnType<typeof build>>, path: string, needle: string) {
  const file = built.files.find((one) => one.path === path);
  const lines = (file ? textOf(file) : "").split("\n");
  const line = lines.findIndex((text) => text.includes(needle));
  const consumer = new SourceMapConsumer(mapOf(built, path) as never);
  const at = consumer.originalPositionFor({ line: line + 1, column: lines[line]?.indexOf(needle) ?? 0 });
  return [at.source, at.line];
}
