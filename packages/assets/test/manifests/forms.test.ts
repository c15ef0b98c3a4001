import { createHash } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { djangoManifest } from "../../src/manifests/django.ts";
import type { Listing, ManifestEntry } from "../../src/manifests/entry.ts";
import { jsonManifest } from "../../src/manifests/json.ts";
import { mixManifest } from "../../src/manifests/mix.ts";
import { propshaftManifest } from "../../src/manifests/propshaft.ts";
import { sprocketsManifest } from "../../src/manifests/sprockets.ts";
import { viteManifest } from "../../src/manifests/vite.ts";

const entry = (logical: string, path: string, more: Partial<ManifestEntry> = {}): ManifestEntry => ({
  logical,
  path,
  from: logical,
  kind: "other",
  size: 5,
  sha256: "ab",
  integrity: "sha384-x",
  imports: [],
  dynamicImports: [],
  ...more,
});

const css = entry("css/app.css", "css/app-1.css", { kind: "css", from: "css/app.scss" });
const js = entry("js/a.js", "js/a-2.js", {
  kind: "js",
  imports: ["js/b.js"],
  dynamicImports: ["js/c.js", "x"],
});
const listing = (
  entries: readonly ManifestEntry[],
  existing: Readonly<Record<string, string>> = {},
): Listing => ({
  entries,
  existing: (path) => existing[path],
});
const read = (manifest: { path: string; text: string }) => [manifest.path, JSON.parse(manifest.text)];

describe("json", () => {
  test("path, integrity and size; the address where it is known", () => {
    const one = { integrity: "sha384-x", size: 5 };
    expect(read(jsonManifest(listing([css])))).toEqual([
      "manifest.json",
      { "css/app.css": { path: "css/app-1.css", ...one } },
    ]);
    expect(
      read(jsonManifest({ ...listing([entry("ä.css", "ä-1.css")]), baseUrl: "https://h/x" }))[1],
    ).toEqual({
      "ä.css": { path: "ä-1.css", ...one, url: "https://h/x/%C3%A4-1.css" },
    });
  });

  test("gives way to the tree's own manifest.json", () => {
    expect(jsonManifest(listing([css], { "manifest.json": "{}" })).path).toBe("assets-manifest.json");
  });

  test("keys stand in the order of their bytes", () => {
    const entries = ["é", "z", "Z", "😀", "\uffee"].map((each) => entry(each, each));
    expect(Object.keys(JSON.parse(jsonManifest(listing(entries)).text))).toEqual([
      "Z",
      "z",
      "é",
      "\uffee",
      "😀",
    ]);
  });
});

describe("vite", () => {
  test("source paths to chunks; no maps, no documents", () => {
    const rest = [
      entry("js/b.js", "js/b-3.js", { kind: "js" }),
      entry("js/c.js", "js/c-4.js", { kind: "js" }),
      entry("i.png", "i-5.png", { kind: "image" }),
      entry("a.map", "a.map", { kind: "map" }),
      entry("index.html", "index.html", { kind: "html" }),
    ];
    const chunk = (file: string, src: string, more: object = {}) => ({
      file,
      src,
      integrity: "sha384-x",
      ...more,
    });
    expect(read(viteManifest(listing([css, js, ...rest])))).toEqual([
      ".vite/manifest.json",
      {
        "css/app.scss": chunk("css/app-1.css", "css/app.scss", { isEntry: true }),
        "i.png": chunk("i-5.png", "i.png"),
        "js/a.js": chunk("js/a-2.js", "js/a.js", {
          isEntry: true,
          imports: ["js/b.js"],
          dynamicImports: ["js/c.js"],
        }),
        "js/b.js": chunk("js/b-3.js", "js/b.js", { isEntry: true }),
        "js/c.js": chunk("js/c-4.js", "js/c.js", { isEntry: true }),
      },
    ]);
  });

  test("Vite's own chunks stay under their keys, with final names and integrity", () => {
    const own = {
      "src/main.ts": { file: "js/a.js", css: ["css/app.css"], imports: ["_x.js"], isEntry: true },
    };
    expect(read(viteManifest(listing([css, js], { ".vite/manifest.json": JSON.stringify(own) })))[1]).toEqual(
      {
        "css/app.scss": { file: "css/app-1.css", src: "css/app.scss", integrity: "sha384-x", isEntry: true },
        "src/main.ts": {
          file: "js/a-2.js",
          css: ["css/app-1.css"],
          imports: ["_x.js"],
          isEntry: true,
          integrity: "sha384-x",
        },
      },
    );
  });
});

describe("mix", () => {
  test("a slash before both", () => {
    expect(read(mixManifest(listing([css])))).toEqual([
      "mix-manifest.json",
      { "/css/app.css": "/css/app-1.css" },
    ]);
  });

  test("Mix's own lines get final names; the id goes with the plain name", () => {
    const existing = JSON.stringify({
      "/js/a.js": "/js/a.js?id=1",
      "/k.js": "/keep.js?id=2",
      "/old.js": "/js/a.js",
    });
    const entries = [js, entry("keep.js", "keep.js")];
    expect(read(mixManifest(listing(entries, { "mix-manifest.json": existing })))[1]).toEqual({
      "/js/a.js": "/js/a-2.js",
      "/k.js": "/keep.js?id=2",
      "/keep.js": "/keep.js",
      "/old.js": "/js/a-2.js",
    });
  });

  test("a broken one is none", () => {
    expect(read(mixManifest(listing([css], { "mix-manifest.json": "[" })))[1]).toEqual({
      "/css/app.css": "/css/app-1.css",
    });
  });
});

test("django: the hash is what Python's json and hashlib make of the sorted paths", () => {
  const entries = [
    entry("css/app.css", "css/app-1.css"),
    entry("é/😀.png", "é/😀-2.png"),
    entry('q".js', 'q"-3.js'),
    entry("Z.css", "Z.css"),
  ];
  expect(read(djangoManifest(listing(entries)))).toEqual([
    "staticfiles.json",
    {
      version: "1.1",
      hash: "bb159e14f8f8",
      paths: {
        "css/app.css": "css/app-1.css",
        "é/😀.png": "é/😀-2.png",
        'q".js': 'q"-3.js',
        "Z.css": "Z.css",
      },
    },
  ]);
});

test("sprockets: both tables, a name Sprockets finds, equal for equal files", () => {
  const manifest = sprocketsManifest(listing([css]));
  expect(manifest.path).toMatch(/^\.sprockets-manifest-[0-9a-f]{32}\.json$/);
  expect(manifest.path).toContain(createHash("sha256").update(manifest.text).digest("hex").slice(0, 32));
  expect(JSON.parse(manifest.text)).toEqual({
    assets: { "css/app.css": "css/app-1.css" },
    files: {
      "css/app-1.css": {
        logical_path: "css/app.css",
        mtime: "1970-01-01T00:00:00Z",
        size: 5,
        digest: "ab",
        integrity: "sha384-x",
      },
    },
  });
});

test("propshaft: digested path and integrity", () => {
  expect(read(propshaftManifest(listing([css])))).toEqual([
    ".manifest.json",
    { "css/app.css": { digested_path: "css/app-1.css", integrity: "sha384-x" } },
  ]);
});
