import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import less from "less/dist/less-node.cjs";
import * as sass from "sass";
import { build, makeTree, mapOf, placesOf, problemsOf, texts } from "../build/tree.ts";

const scss = `@use "parts/colors";
@use "sass:math";
.card { color: colors.$ink; width: math.div(10px, 3); &:hover { color: colors.lighter(); } }
`;
const colors = `$ink: #123456;
@function lighter() { @return rgba($ink, 0.5); }
`;

describe("styles before minifying", () => {
  test("are what the sass library gives, and the newline its command line ends with", async () => {
    const root = makeTree({ "assets/css/app.scss": scss, "assets/css/parts/_colors.scss": colors });
    const { css } = sass.compile(join(root, "assets/css/app.scss"));
    expect(texts(await build(root))).toEqual({ "css/app.css": `${css}\n` });
  });

  test("are what the less library gives", async () => {
    const text = `@import "_vars";\n.a { .rounded(4px); color: fade(@ink, 50%); width: (10px / 3); }\n`;
    const vars = "@ink: #123456;\n.rounded(@r) { border-radius: @r; }\n";
    const root = makeTree({ "assets/app.less": text, "assets/_vars.less": vars });
    const driver = less as { render(text: string, options: object): Promise<{ css: string }> };
    const { css } = await driver.render(text, { filename: join(root, "assets/app.less") });
    expect(texts(await build(root))).toEqual({ "app.css": css });
  });

  test("are the same text with source maps as without", async () => {
    const root = makeTree({ "assets/a.scss": "a{b:c}", "assets/b.less": "@x: 1;\na { b: @x }\n" });
    expect(texts(await build(root, { sourceMaps: true }))).toEqual(texts(await build(root)));
  });

  test("leave the indented syntax and plain CSS to their own", async () => {
    const root = makeTree({ "assets/a.sass": "a\n  b: c\n", "assets/b.css": "b{c:d}" });
    expect(texts(await build(root))).toEqual({ "a.css": "a {\n  b: c;\n}\n", "b.css": "b{c:d}" });
  });

  test("find partials in the source folder, load paths and node_modules, pkg: too", async () => {
    const root = makeTree({
      "package.json": "{}",
      "assets/pages/app.scss": `@use "shared"; @use "theme"; @use "kit/scss/kit"; @use "pkg:kit" as own;
a { b: shared.$v theme.$v kit.$v own.$v }`,
      "assets/_shared.scss": "$v: 1;",
      "styles/_theme.scss": "$v: 2;",
      "node_modules/kit/package.json": `{"name":"kit","exports":{".":{"sass":"./main.scss"}}}`,
      "node_modules/kit/scss/_kit.scss": "$v: 3;",
      "node_modules/kit/main.scss": "$v: 4;",
      "assets/pages/app2.less": `@import "kit/vars"; a { b: @v }`,
      "node_modules/kit/vars.less": "@v: 5;",
    });
    expect(texts(await build(root, { loadPaths: ["styles"] }))).toEqual({
      "pages/app.css": "a {\n  b: 1 2 3 4;\n}\n",
      "pages/app2.css": "a {\n  b: 5;\n}\n",
    });
  });

  test("embed files as Less does", async () => {
    const root = makeTree({ "assets/a.less": "a { b: data-uri('x.svg') }", "assets/x.svg": "<svg/>" });
    expect(texts(await build(root))["a.css"]).toBe(`a {\n  b: url("data:image/svg+xml,%3Csvg%2F%3E");\n}\n`);
  });
});

describe("a fault", () => {
  test("is told at its file, line and column, all files at once, with the tool's own excerpt", async () => {
    const root = makeTree({
      "assets/a.scss": "@use 'part';\n",
      "assets/_part.scss": ".x {\n  color: $nope;\n}\n",
      "assets/b.less": ".a {\n  color: @nope;\n}\n",
      "assets/d.js": "const a = 1;\nconst b = ;\n",
      "assets/e.svg": "<svg>\n<g>\n</svg>",
      "assets/fine.css": "a{b:c}",
    });
    const problems = await problemsOf(build(root, { minify: true }));
    expect(problems.map(({ code, message, place }) => ({ code, message, place }))).toEqual([
      fault("assets/_part.scss", 2, 10, "sass: Undefined variable"),
      fault("assets/b.less", 2, 10, "less: variable @nope is undefined"),
      fault("assets/d.js", 2, 11, "terser: Unexpected token: punc (;)"),
      fault("assets/e.svg", 3, 6, "svgo: Unexpected close tag"),
    ]);
    expect(problems.map(({ hint }) => hint.split("\n").slice(1).join("\n"))).toEqual([
      "  ╷\n2 │   color: $nope;\n  │          ^^^^^\n  ╵\n  assets/_part.scss 2:10  @use\n  assets/a.scss 1:1       root stylesheet",
      "1 .a {\n2   color: @nope;\n3 }",
      "2 | const b = ;\n              ^",
      "  1 | <svg>\n  2 | <g>\n> 3 | </svg>\n    |      ^",
    ]);
  });

  test("of a part that many import is told once", async () => {
    const files = { "assets/_p.scss": "$x: ;", "assets/a.scss": "@use 'p';", "assets/b.scss": "@use 'p';" };
    const problems = await problemsOf(build(makeTree(files)));
    expect(new Set(problems.map(({ message, place }) => `${place.file}:${place.line} ${message}`)).size).toBe(
      1,
    );
  });

  test("of the CSS that a compiler made is told at the line it came from", async () => {
    const root = makeTree({
      "assets/a.scss": "// one\n// two\n.a {\n  b: c;\n  --x: { ;\n}\n.d[ { e: f }\n",
    });
    const [problem] = await problemsOf(build(root, { minify: true }));
    expect(problem?.place.file).toBe("assets/a.scss");
  });

  test("says what to do about a webpack path and a part with a whole file's name", async () => {
    const root = makeTree({ "assets/a.scss": "@import '~kit/a';\n", "assets/b.less": "a { .mixin(); }" });
    const hints = (await problemsOf(build(root))).map(({ hint }) => hint.split("\n")[0]);
    expect(hints).toEqual([
      "Leave out the `~` of webpack: `node_modules` is looked through without it. Nothing was written or published.",
      "Mend that line. Nothing was written or published. If others import this file and it is nothing by itself, begin its name with `_`.",
    ]);
  });

  test("is a style sheet that would be fetched", async () => {
    const root = makeTree({ "assets/a.less": "@import (less) 'http://127.0.0.1:1/x.less';" });
    expect(await placesOf(build(root))).toEqual(["asset-syntax assets/a.less:1:1"]);
  });
});

describe("a deprecation", () => {
  test("is told once and by place, those of dependencies not at all", async () => {
    const root = makeTree({
      "assets/_old.scss": "$a: red;\n$b: 1px;\n@warn 'soon';\n",
      "assets/a.scss": "@import 'old';\n@import 'kit';\n",
      "assets/b.scss": "@use 'old';\n",
      "node_modules/_kit.scss": "@import 'kit2';",
      "node_modules/_kit2.scss": "",
    });
    const warnings: string[] = [];
    await build(root, {
      onWarning: (text, { file, line }) => warnings.push(`${file}:${line} ${text.split("\n")[0]}`),
    });
    expect(warnings).toEqual([
      "assets/a.scss:1 Deprecated: Sass @import rules are deprecated and will be removed in Dart Sass 3.0.0.",
      "assets/a.scss:2 Deprecated: Sass @import rules are deprecated and will be removed in Dart Sass 3.0.0.",
      expect.stringMatching(/soon$/),
      expect.stringMatching(/soon$/),
    ]);
  });
});

describe("Less of before version 4", () => {
  const old = "@w: 9px;\n@half: @w / 3;\na { b: unit(@half) }\n";
  const code = "a { b: ~`1 + 1` }\n";

  test("divides as it did, with a word about it", async () => {
    const told: string[] = [];
    const built = await build(makeTree({ "assets/a.less": old }), { onWarning: (text) => told.push(text) });
    expect(texts(built)["a.css"]).toBe("a {\n  b: 3;\n}\n");
    expect(told).toEqual(["It is of a Less before version 4, and read as that did: every `/` divides"]);
  });

  test("may hold code, which runs where the project's may", async () => {
    const root = makeTree({ "assets/a.less": code });
    expect(texts(await build(root))["a.css"]).toBe("a {\n  b: 2;\n}\n");
    expect(await placesOf(build(root, { ownCode: false }))).toEqual(["asset-syntax assets/a.less:1:8"]);
  });
});

test("source maps name sources from the source folder and hold their text", async () => {
  const root = makeTree({ "assets/css/app.scss": scss, "assets/css/parts/_colors.scss": colors });
  const { sources, sourcesContent } = mapOf(await build(root, { sourceMaps: true }), "css/app.css");
  expect(sources).toEqual(["css/app.scss", "css/parts/_colors.scss"].filter((one) => sources.includes(one)));
  expect(sourcesContent[0]).toBe(scss);
});

function fault(file: string, line: number, column: number, message: string) {
  return { code: "asset-syntax", message, place: { file, line, column } };
}
