import { describe, expect, test } from "@jest/globals";
import { listedBy } from "../../src/fingerprint/bundler.ts";
import { namedByContent } from "../../src/fingerprint/pattern.ts";
import { write } from "../output/tree.ts";

describe("names made of content, where no manifest tells", () => {
  test.each([
    ["assets/index-DiwrgTd4.js", true],
    ["assets/logo-B7PI925r.svg", true],
    ["photo-DSC23456.jpg", false],
    ["chunk-ABCDEF23.js", true],
    ["main.0a1b2c3d.js", true],
    ["main.0a1b2c3d4e5f60718293.chunk.js", true],
    ["app-3f9c2b1a7d20.css", true],
    ["index-download.js", false],
    ["nav-dropDown.js", false],
    ["icon-header2x.png", false],
    ["IMG-20240102.jpg", false],
    ["IMG-20240102WA0001.jpg", false],
    ["jquery-3.7.1.min.js", false],
    ["report-2024-01-02.pdf", false],
    ["app-HEADLINE.css", false],
    ["icon-android192.png", false],
  ])("%s: %s", (path, expected) => {
    expect([...namedByContent([path])]).toEqual(expected ? [path] : []);
  });

  test("a folder whose scripts all bear possible hashes, one of them certain, speaks for the rest", () => {
    const vite = [
      "assets/index-DiwrgTd4.js",
      "assets/vendor-AbCdEfGh.js",
      "assets/style-abcdefgh.css",
      "assets/logo-B7PI925R.svg",
    ];
    expect([...namedByContent(vite)]).toEqual(vite);
    expect([...namedByContent([...vite, "assets/plain.js"])]).toEqual(["assets/index-DiwrgTd4.js"]);
    expect([...namedByContent([...vite, "js/index-download.js"])]).toEqual(vite);
  });
});

describe("bundlers' manifests", () => {
  const tree = new Set([
    "assets/main-AbCdEfGh.js",
    "assets/main-DEADBEEF.css",
    "js/app.js",
    "main.0a1b2c3d.js",
    "plain.js",
  ]);
  const listed = (manifest: unknown) => [...listedBy(JSON.stringify(manifest), (path) => tree.has(path))];

  test("Vite's, webpack's, create-react-app's, Mix's", () => {
    const vite = {
      "src/main.ts": {
        file: "assets/main-AbCdEfGh.js",
        src: "src/main.ts",
        css: ["assets/main-DEADBEEF.css"],
      },
    };
    expect(listed(vite)).toEqual([
      ["assets/main-AbCdEfGh.js", true],
      ["assets/main-DEADBEEF.css", true],
    ]);
    expect(listed({ "main.js": "/build/main.0a1b2c3d.js", "plain.js": "https://h/x/plain.js?v" })).toEqual([
      ["main.0a1b2c3d.js", true],
      ["plain.js", false],
    ]);
    expect(listed({ files: { "main.js": "/main.0a1b2c3d.js" }, entrypoints: [] })).toEqual([
      ["main.0a1b2c3d.js", true],
    ]);
    expect(listed({ "/js/app.js": "/js/app.js?id=0a1b2c3d" })).toEqual([["js/app.js", false]]);
  });

  test("a web app manifest, and what is no manifest, list nothing", () => {
    expect(listed({ icons: [], name: "plain.js" })).toEqual([]);
    expect(listed(["plain.js"])).toEqual([]);
    expect([...listedBy("{", () => true)]).toEqual([]);
  });
});

describe("auto", () => {
  const vite = {
    ".vite/manifest.json": JSON.stringify({
      "index.html": {
        file: "assets/index-AbCdEfGh.js",
        src: "index.html",
        css: ["assets/index-abcdefgh.css"],
      },
    }),
    "assets/index-AbCdEfGh.js":
      'fetch("/logo.png");import("./lazy-12345678.js");f(["assets/x"])\n//# sourceMappingURL=x.map',
    "assets/lazy-12345678.js": "1",
    "assets/index-abcdefgh.css": "a{b:url(../photo.jpg)}",
    "logo.png": "1",
    "photo.jpg": "2",
    "other.png": "3",
    "index.html": "<script src=/assets/index-AbCdEfGh.js></script><img src=/logo.png><img src=/other.png>",
  };

  test("a bundler's files keep names and bytes, and so does what they name; the rest is fingerprinted", async () => {
    const { names, texts, index, warnings } = await write(vite, { fingerprint: "auto", sourceMaps: "none" });
    const other = names["other.png"];
    expect(names).toEqual({
      ...Object.fromEntries(Object.keys(vite).map((path) => [path, path])),
      "other.png": other,
    });
    expect(other).toMatch(/^other-[0-9a-f]{12}\.png$/);
    expect(texts["assets/index-AbCdEfGh.js"]).toBe(vite["assets/index-AbCdEfGh.js"]);
    expect(texts["index.html"]).toBe(vite["index.html"].replace("/other.png", `/${other}`));
    expect(index.files.filter((file) => file.immutable).map((file) => file.path)).toEqual([
      "assets/index-AbCdEfGh.js",
      "assets/index-abcdefgh.css",
      other,
    ]);
    expect(warnings).toEqual([]);
  });

  test("a manifest in a folder below is followed too, and keeps its own name", async () => {
    const below = (files: object) =>
      Object.fromEntries(Object.entries(files).map(([path, text]) => [`build/${path}`, text]));
    const { "index.html": _, "other.png": __, "logo.png": ___, ...bundle } = vite;
    const files = {
      ...below(bundle),
      "build/x.png": "4",
      "build/mix/mix-manifest.json": '{"/j.js":"/j.js?id=1"}',
      "build/mix/j.js": "1",
    };
    const { names } = await write(files, { fingerprint: "auto", sourceMaps: "none" });
    const { "build/x.png": other, ...rest } = names;
    expect(rest).toEqual(Object.fromEntries(Object.keys(rest).map((path) => [path, path])));
    expect([Object.keys(rest).length, other]).toEqual([
      7,
      expect.stringMatching(/^build\/x-[0-9a-f]{12}\.png$/),
    ]);
  });

  test("a path in a script's string keeps that file's name, with a word about it", async () => {
    const { names, warnings } = await write(
      {
        "js/a.js": 'load("img/x.png");import"./b.js";use(`/img/y.png?v`)',
        "js/b.js": "1",
        "img/x.png": "1",
        "img/y.png": "2",
        "img/z.png": "3",
      },
      { fingerprint: "auto" },
    );
    expect(Object.keys(names).filter((path) => names[path] === path)).toEqual(["img/x.png", "img/y.png"]);
    expect(warnings).toEqual([
      'js/a.js: It holds "img/x.png" in a string, so that file keeps its name and is not cached for ever',
      'js/a.js: It holds "img/y.png" in a string, so that file keeps its name and is not cached for ever',
    ]);
  });

  test("all renames even what a bundler named", async () => {
    const { names } = await write(vite, { fingerprint: "all" });
    expect(names["assets/index-AbCdEfGh.js"]).toMatch(/^assets\/index-AbCdEfGh-[0-9a-f]{12}\.js$/);
  });
});
