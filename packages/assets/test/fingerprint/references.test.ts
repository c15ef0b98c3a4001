import { describe, expect, test } from "@jest/globals";
import { readyForJs } from "../../src/fingerprint/js.ts";
import { scan } from "../../src/fingerprint/scan.ts";
import type { Language } from "../../src/fingerprint/text.ts";

await readyForJs();

/** Path as its reader sees it, and the bytes of the file it stands in. */
function found(language: Language, text: string): readonly string[] {
  return scan(language, text).references.map(({ path, start, end, name, kind, needed, sameOrigin }) => {
    const raw = text.slice(start, end);
    const marks = [
      kind === "url" ? "" : kind,
      needed ? "" : "maybe",
      sameOrigin ? "same-origin" : "",
      raw === path ? "" : `written ${raw}`,
      text.slice(name, end) === path.split("/").at(-1) || raw !== path ? "" : "bad name",
    ];
    return [path, ...marks].filter((mark) => mark !== "").join(" | ");
  });
}

describe("CSS", () => {
  test.each([
    ["a{b:url(x.png)}", ["x.png"]],
    ["a{b:url(  'x.png'  )}", ["x.png"]],
    ['a{b:URL("a b.png")}', ["a b.png"]],
    ["a{b:url( x.png\n)}", ["x.png"]],
    ["a{b:url(../f/x.eot?#iefix) url(x.svg#icon)}", ["../f/x.eot", "x.svg"]],
    ["a{b:url(data:image/png;base64,AA==),url(https://x/y),url(//x/y),url(#a),url(),url(about:blank)}", []],
    ["@import 'a.css';", ["a.css | import"]],
    ["@import/**/url(a.css) screen;", ["a.css | import"]],
    ['@import url( "a.css" ) layer(x) supports(display: grid);', ["a.css | import"]],
    ["@IMPORT url('a.css');a{b:url(c)}", ["a.css | import", "c"]],
    ["a{b:image-set('a.png' 1x, url(b.png) 2x type('image/png'))}", ["a.png", "b.png"]],
    ['a{b:-webkit-image-set("a.png" 1x)}', ["a.png"]],
    ["a{content:'url(x.png)'}/* url(y.png) */", []],
    ["a{b:url(x\\ y.png)}", ["x y.png | written x\\ y.png"]],
    ["a{b:url('x\\27 y.png')}", ["x'y.png | written x\\27 y.png"]],
    ["a{b:url(unclosed.png", ["unclosed.png"]],
    ["a{--x:url(x.png)}", ["x.png"]],
    ["@charset 'utf-8';@font-face{src:url(f.woff2)format('woff2')}", ["f.woff2"]],
    ["a{b:u\\72l(x.png)}", ["x.png"]],
  ] as const)("%s", (text, expected) => {
    expect(found("css", text)).toEqual(expected);
  });
});

describe("JavaScript", () => {
  test.each([
    ["import './a.js'", ["./a.js | import"]],
    ['import a,{b as c} from "../x/a.js";export * from "./b.js"', ["../x/a.js | import", "./b.js | import"]],
    ['import"react";import"/abs.js"', ["/abs.js | import"]],
    ["const a=()=>import('./a.js')", ["./a.js | dynamic"]],
    ['import(/* webpackChunkName: "x" */ "./a.js")', ["./a.js | dynamic"]],
    ["import(`./a.js`);import(`./$\u007bb}.js`);import('./a'+b)", ["./a.js | dynamic"]],
    ["import './\\u00e9.js'", ["./é.js | import | written ./\\u00e9.js"]],
    ["new URL('x.png', import.meta.url)", ["x.png"]],
    ["new URL(`./x.png?a#b`,import.meta.url).href", ["./x.png"]],
    ["new URL(`./$\u007ba}.png`,import.meta.url);new URL(a,import.meta.url)", []],
    ["// import './a.js'\nconst a=\"import './b.js'\"", []],
    ["function(", []],
    ["import data from './d.json' with { type: 'json' }", ["./d.json | import"]],
  ] as const)("%s", (text, expected) => {
    expect(found("js", text)).toEqual(expected);
  });
});

describe("HTML", () => {
  test.each([
    ["<link rel=stylesheet href=a.css>", ["a.css"]],
    ["<LINK REL='preload stylesheet' HREF='a.css'>", ["a.css"]],
    ["<link rel=canonical href=a.html><a href=b.pdf>", ["a.html | maybe", "b.pdf | maybe"]],
    ["<script src=a.js></script><script src='data:,x'></script>", ["a.js"]],
    ["<img src=a.png alt='src=b.png'>", ["a.png"]],
    ["<img srcset='a.png 1x, b.png?v=1,2 2x,c.png'>", ["a.png", "b.png", "c.png"]],
    ["<img srcset='data:image/png,x 1x, b.png'>", ["b.png"]],
    [
      "<source srcset='a.webp, b.webp 2x'><video src=c.mp4 poster=d.jpg>",
      ["a.webp", "b.webp", "c.mp4", "d.jpg"],
    ],
    ["<svg><use href='s.svg#a'/><use xlink:href='#b'/></svg>", ["s.svg | same-origin"]],
    ["<img data-src=a.png data-x=b.png>", ["a.png | maybe"]],
    ["<style>a{b:url(x.png)}</style><p style='b:url(y.png)'>", ["x.png", "y.png"]],
    ['<p style="b:url(&quot;y.png&quot;)">', ["y.png"]],
    ["<img src='a&amp;b.png'>", ["a&b.png | written a&amp;b.png"]],
    ["<img src='&auml;.png'>", ["ä.png | written &auml;.png"]],
    ["<script type=module>import './a.js'</script><script>'import \"./b.js\"'</script>", ["./a.js | import"]],
    ['<script type=importmap>{"imports":{"a":"./a.js","b":"x"}}</script>', ["./a.js | dynamic"]],
    ["<!-- <img src=a.png> --><textarea><img src=b.png></textarea>", []],
    ["<meta property='og:image' content='/a.png'><meta name=description content=b.png>", ["/a.png | maybe"]],
    ["<img src=a.png src=b.png><img src=''><img src>", ["a.png"]],
    ["<p>x</p><img src=unclosed.png", []],
    ["<noscript><img src=a.png></noscript><template><img src=b.png></template>", ["a.png", "b.png"]],
  ] as const)("%s", (text, expected) => {
    expect(found("html", text)).toEqual(expected);
  });

  test("the base of a document is told", () => {
    expect(scan("html", "<base href='/app/'><img src=a.png>").base).toBe("/app/");
  });
});

describe("SVG and web app manifests", () => {
  test("images, uses, styles and presentation attributes", () => {
    const text = `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><image xlink:href="a.png"/>
      <use href="b.svg#x"/><style><![CDATA[a{b:url(c.png)}]]></style><rect fill="url(#g)" mask="url(d.svg#m)"/></svg>`;
    expect(found("svg", text)).toEqual(["a.png", "b.svg | same-origin", "c.png", "d.svg"]);
  });

  test("src wherever it stands", () => {
    const text =
      '{"src":5,"icons":[{"src":"i\\/a.png","x":"src"}],"screenshots":[{"src" : "b.png?v=1"}],"start_url":"x"}';
    expect(found("webapp", text)).toEqual(["i/a.png | written i\\/a.png", "b.png"]);
  });
});
