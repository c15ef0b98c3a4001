import { describe, expect, test } from "@jest/globals";
import { minifyCss } from "../../src/minify/css.ts";
import { startWasm } from "../../src/minify/wasm.ts";
import { toTargets } from "../../src/tools/targets.ts";
import { build, makeTree, texts } from "../build/tree.ts";

const small = (css: string) => minifyCss({ css, path: "a.css", minify: true, sourceMaps: false }).css;

describe("a smaller style sheet", () => {
  test.each([
    ["a , b > c + d ~ e :hover *{ a : b ; }", "a,b>c+d~e :hover *{a:b}"],
    ["a{ font : 0.50px / 1.5 x , y !important ; ; b: -0.5% }", "a{font:.50px/1.5 x,y!important;b:-.5%}"],
    [
      "a{ b: calc( 1px + 2px ) var( --x , ) #AABBCC #aabbcd element(#aabbcc) }",
      "a{b:calc(1px + 2px) var(--x,) #ABC #aabbcd element(#aabbcc)}",
    ],
    ["@media screen and ( min-width : 0px ) { a { b: c } }", "@media screen and (min-width :0px){a{b:c}}"],
    ["a{ & > b , :hover { c: d } e: f }", "a{& > b,:hover{c:d}e:f}".replace("& > b", "&>b")],
    [
      "a:nth-child( 2n + 1 ):not( .b , .c ) [ d = 'e  f' ]{}",
      "a:nth-child(2n + 1):not(.b,.c) [d = 'e  f']{}",
    ],
    [
      '@charset "x";\n@import  url( x.css ) print;\n@layer a , b;',
      '@charset "x";@import url( x.css ) print;@layer a,b;',
    ],
    ["/* a */ @charset 'x'; /*! b */ a{/* c */}", "/*! b */\na{}"],
    ["a/**/b{c:d/**/e/**/ f}", "a/**/b{c:d/**/e f}"],
  ])("%s", (css, expected) => expect(small(css)).toBe(expected));

  test.each([
    [
      "what only Internet Explorer reads",
      "a{*zoom:1;_height:1px;width:1px\\9 ;filter:progid:X.Y( a = 1 ) ;c:red !ie}",
      "a{*zoom:1;_height:1px;width:1px\\9 ;filter:progid:X.Y( a = 1 );c:red!ie}",
    ],
    ["a media query no browser knows", "@media \\0screen { a { b: c } }", "@media \\0screen{a{b:c}}"],
    ["a stray brace, which hides the rule after it", "a{b:c} } d{e:f}", "a{b:c}} d{e:f}"],
    ["a semicolon between rules, which does so too", "a{b:c}; d{e:f}", "a{b:c}; d{e:f}"],
    [
      "prefixes and fallbacks, in their order",
      "a{-webkit-backdrop-filter:none;backdrop-filter:none;c:red;c:oklch(1 2 3)}",
      "a{-webkit-backdrop-filter:none;backdrop-filter:none;c:red;c:oklch(1 2 3)}",
    ],
    [
      "rules with one body",
      "a::-moz-placeholder{b:c}a::placeholder{b:c}",
      "a::-moz-placeholder{b:c}a::placeholder{b:c}",
    ],
    [
      "custom properties, which scripts read",
      "a{--b: { c : d ; } ;--e: ;--f:/* g */0.50}",
      "a{--b:{ c : d ; };--e: ;--f:/* g */0.50}",
    ],
    ["escapes", 'a{content:"\\f101";b:\\f101 c}', 'a{content:"\\f101";b:\\f101 c}'],
    ["a string without its end, and the line that ends it", 'a{b:"c\n}d{e:f}', 'a{b:"c\n}d{e:f}'],
    ["a backslash before the end of a line", "a{b:c \\\n}", "a{b:c \\\n}"],
    ["a block without its end", "@media x{a{b:c", "@media x{a{b:c"],
    ["a mark of the byte order", "\ufeffa{b:c}", "\ufeffa{b:c}"],
  ])("keeps %s", (_, css, expected) => expect(small(css)).toBe(expected));
});

describe("what browsers skip", () => {
  const css = "a {\n  color red;\n  *zoom: 1\n}\n}\nb { c: d }\n@media x { e { f: g }\n";

  test("stops no build, and is told at its line", async () => {
    const told: string[] = [];
    const onWarning = (text: string, { line, column }: { line?: number; column?: number }) =>
      told.push(`${line}:${column} ${text}`);
    const made = await build(makeTree({ "assets/a.css": css }), { minify: true, onWarning });
    expect(texts(made)["a.css"]).toBe("a{color red;*zoom:1}} b{c:d}@media x{e{f:g}");
    expect(told).toEqual([
      "2:3 This is no declaration: browsers skip it",
      '5:1 This "}" closes nothing: browsers skip it together with the rule after it',
      "7:1 This block is never closed: browsers read it to the end",
    ]);
  });

  test("in bytes that are no UTF-8 stays those bytes", async () => {
    const root = makeTree({});
    const bytes = Buffer.from("a { content: '\xe9' }", "latin1");
    const { mkdirSync, writeFileSync } = await import("node:fs");
    mkdirSync(`${root}/assets`);
    writeFileSync(`${root}/assets/a.css`, bytes);
    const [file] = (await build(root, { minify: true })).files;
    const made = file?.contents.kind === "bytes" ? Buffer.from(file.contents.bytes).toString("latin1") : "";
    expect(made).toBe("a{content:'\xe9'}");
  });
});

describe("rewritten for browsers", () => {
  const lightning = startWasm();
  const lowered = (browser: string, css: string) => {
    const browsers = { lightning, targets: toTargets([browser]) };
    return minifyCss({ css, path: "a.css", minify: true, sourceMaps: false, browsers }).css;
  };

  test.each([
    ["a prefix is added", "a{user-select:none}", "a{-webkit-user-select:none;user-select:none}"],
    [
      "one that is there is not",
      "a{-webkit-user-select:all;user-select:none}",
      "a{-webkit-user-select:all;user-select:none}",
    ],
    [
      "what they do not need stays",
      "a{-moz-user-select:none;-webkit-border-radius:1px;border-radius:1px}",
      "a{-moz-user-select:none;-webkit-border-radius:1px;border-radius:1px}",
    ],
    [
      "what they do not know stays beside what they do",
      "a{inset:0}",
      "a{top:0;bottom:0;left:0;right:0;inset:0}",
    ],
    [
      "fallbacks of somebody's own are left alone",
      "a{b:c;color:red;color:lab(50% 1 2)}",
      "a{b:c;color:red;color:lab(50% 1 2)}",
    ],
    ["nested rules", ".a{b:c;.d &{*e:f}g:h}", ".a{b:c}.d .a{*e:f}.a{g:h}"],
    ["media queries", "@media (width >= 9px){a{*b:c}}", "@media (min-width:9px){a{*b:c}}"],
    [
      "rules they cannot read stay beside those they can",
      "@media \\0x{a{b:c}}d{e:f}}",
      "@media \\0x{a{b:c}}d{e:f}}",
    ],
    [
      "no property of a font is one of a rule's",
      "@media (width >= 9px){@font-face{src:url(x)}}",
      "@media (min-width:9px){@font-face{src:url(x)}}",
    ],
  ])("%s", (_, css, expected) => expect(lowered("safari 13", css)).toBe(expected));
});
