import { expect, test } from "@jest/globals";
import { refusals, write } from "../output/tree.ts";

test("a needed reference to no file is a warning with its place", async () => {
  const { warnings } = await write({
    "css/a.css": "a{}\nb{c:url(gone.png)}",
    "index.html":
      "<img src=x.png>\n<a href=about>x</a><a href=../up>y</a><link rel=stylesheet href=/else.css>",
    "js/a.js": 'import "./gone.js"; new URL("../../x", import.meta.url)',
  });
  expect(warnings).toEqual([
    'css/a.css:2:9: "gone.png" names no file of the tree',
    'index.html:1:10: "x.png" names no file of the tree',
    'js/a.js:1:9: "./gone.js" names no file of the tree',
    'js/a.js:1:30: "../../x" names no file of the tree',
  ]);
});

test("one that leads out of the tree is an error; all are told at once, and nothing is written", async () => {
  const files = {
    "css/a.css": "@import '../../x.css';\na{b:url(../../../etc/passwd)}",
    "a.js": 'import "../x.js"',
    "index.html": "<img src='..%2f..%2fx.png'><img src=%2e%2e/x.png>",
  };
  expect(await refusals(write(files))).toEqual([
    'asset-reference | css/a.css:1:10 | "../../x.css" leads out of the tree',
    'asset-reference | css/a.css:2:9 | "../../../etc/passwd" leads out of the tree',
    'asset-reference | a.js:1:9 | "../x.js" leads out of the tree',
    'asset-reference | index.html:1:37 | "%2e%2e/x.png" leads out of the tree',
  ]);
});

test("web app manifests and import maps are rewritten", async () => {
  const { texts, names } = await write({
    "app.webmanifest": '{ "icons": [{"src": "img/i.png", "sizes": "1x1"}] }',
    "img/i.png": "1",
    "index.html": '<script type=importmap>{"imports":{"a":"./js/a.js","b/":"/js/"}}</script>',
    "js/a.js": "1",
  });
  expect(texts["app.webmanifest"]).toBe(`{ "icons": [{"src": "${names["img/i.png"]}", "sizes": "1x1"}] }`);
  expect(texts["index.html"]).toBe(
    `<script type=importmap>{"imports":{"a":"./${names["js/a.js"]}","b/":"/js/"}}</script>`,
  );
});

test("what is not rewritten may lead where it likes", async () => {
  const { warnings } = await write({ "a.css": "a{b:url(../x.png)}" }, { fingerprint: "none" });
  expect(warnings).toEqual(['a.css:1:9: "../x.png" names no file of the tree']);
});
