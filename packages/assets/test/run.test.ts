import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Assets, defaultAssets } from "@deploy/core";
import { afterAll, describe, expect, test } from "@jest/globals";
import { type AssetsRun, runAssets } from "../src/index.ts";
import { type MemoryStore, memoryStore } from "./memoryStore.ts";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const release = "20261121T084450Z-4f2a91c";
const published: Assets = {
  ...defaultAssets(),
  publish: { store: { to: "s3://cdn", checksums: "crc32" }, keepReleases: 1, keepFor: 1 },
};

function project(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), "deploy-run-"));
  folders.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

function runIn(root: string, change: Partial<AssetsRun> = {}) {
  const told: string[] = [];
  const run: AssetsRun = {
    assets: defaultAssets(),
    root,
    phase: "all",
    release,
    now: new Date("2026-11-21T08:44:50Z"),
    dryRun: false,
    credentials: false,
    prune: true,
    signal: new AbortController().signal,
    command: async (run) => void told.push(`ran ${run}`),
    onPhase: (title) => told.push(title),
    onProgress: () => {},
    onWarning: (text) => told.push(`warning: ${text}`),
    ...change,
  };
  return { report: runAssets(run), told };
}

const keysOf = (store: MemoryStore) => [...store.objects.keys()].sort();
const outputOf = (root: string) =>
  readdirSync(join(root, "public/assets"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(root, "public/assets/").length))
    .sort();

const shop = {
  "assets/css/app.scss": '@use "part";\nbody { background: url("../img/a.svg") }\n',
  "assets/css/_part.scss": "a { b { color: red } }\n",
  "assets/img/a.svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1"/></svg>\n',
  "assets/index.html": '<!doctype html><link rel="stylesheet" href="css/app.css">\n',
};

describe("from sources to a store", () => {
  test("all of it, in order, and a page that names what is there", async () => {
    const root = project(shop);
    const store = memoryStore();
    const { report, told } = runIn(root, { assets: published, store });
    const { index, publish, dryRun } = await report;
    expect(told).toEqual(["build assets", `publish to ${store.location}`]);
    expect([publish?.uploaded, publish?.purge, dryRun]).toEqual([
      index.files.filter((f) => !f.kept).length,
      "not-needed",
      false,
    ]);
    const css = index.files.find(({ logical }) => logical === "css/app.css")?.path ?? "";
    const svg = index.files.find(({ logical }) => logical === "img/a.svg")?.path ?? "";
    expect(store.text(css)).toContain(svg.slice("img/".length));
    expect(store.text("index.html")).toContain(css);
    expect(keysOf(store)).toEqual([`.deploy/assets/${release}.json`, css, svg, "index.html"].sort());
  });

  test("a syntax error is at its file and line, and nothing is written or published", async () => {
    const root = project({ ...shop, "assets/css/_part.scss": "a {\n  color: ;;}\n  b }\n" });
    const store = memoryStore();
    await expect(runIn(root, { assets: published, store }).report).rejects.toMatchObject({
      problems: [{ code: "asset-syntax", place: { file: "assets/css/_part.scss" } }],
    });
    expect(keysOf(store)).toEqual([]);
    expect(readdirSync(root)).toEqual(["assets"]);
  });

  test("a reference that leads out, or nowhere, names the file as the repository does", async () => {
    const root = project({ ...shop, "assets/a.css": 'b { background: url("../x.png") }\n' });
    await expect(runIn(root).report).rejects.toMatchObject({
      problems: [{ code: "asset-reference", place: { file: "assets/a.css" } }],
    });
    const other = project({ ...shop, "assets/page.html": '<img src="gone.png">\n' });
    const places: unknown[] = [];
    await runIn(other, { onWarning: (_text, place) => places.push(place) }).report;
    expect(places).toEqual([{ file: "assets/page.html", line: 1, column: 11 }]);
  });

  test("a dry run leaves the project and the store as they are, and tells what would be done", async () => {
    const root = project(shop);
    const store = memoryStore();
    const { publish, prune, dryRun } = await runIn(root, { assets: published, store, dryRun: true }).report;
    expect([publish?.uploaded, prune?.removed, dryRun]).toEqual([3, 0, true]);
    expect(keysOf(store)).toEqual([]);
    expect(readdirSync(root)).toEqual(["assets"]);
  });

  test("built in one job, published in another, from wherever the output lies", async () => {
    const root = project(shop);
    const store = memoryStore();
    await runIn(root, { assets: published, store, phase: "build" }).report;
    expect(keysOf(store)).toEqual([]);
    const output = join(root, "public/assets");
    const elsewhere = project({});
    const { publish } = await runIn(elsewhere, { assets: published, store, phase: "publish", output }).report;
    expect([publish?.uploaded, keysOf(store).length]).toEqual([3, 4]);
  });
});

describe("a project that builds by itself", () => {
  const built = {
    "dist/assets/index-DiwrgTda.js": 'import("./_plugin-a1b2c3d4.js");\n',
    "dist/assets/_plugin-a1b2c3d4.js": "export {};\n",
    "dist/theme.scss": "left { alone }\n",
    "dist/.vite/manifest.json": JSON.stringify({
      "index.html": { file: "assets/index-DiwrgTda.js", isEntry: true, dynamicImports: ["_plugin"] },
      _plugin: { file: "assets/_plugin-a1b2c3d4.js" },
    }),
    "dist/index.html": '<script type="module" src="/assets/index-DiwrgTda.js"></script>\n',
  };
  const assets: Assets = { ...defaultAssets(), source: "dist", build: "npm run build" };

  test("its command runs first; its bytes and its names are kept", async () => {
    const root = project(built);
    const { report, told } = runIn(root, { assets });
    const { index } = await report;
    expect(told).toEqual(["build assets", "ran npm run build"]);
    expect(outputOf(root)).toEqual(
      expect.arrayContaining(["assets/_plugin-a1b2c3d4.js", "assets/index-DiwrgTda.js", "index.html"]),
    );
    expect(readFileSync(join(root, "public/assets/assets/index-DiwrgTda.js"), "utf8")).toBe(
      built["dist/assets/index-DiwrgTda.js"],
    );
    expect(index.files.filter(({ immutable }) => immutable).map(({ logical }) => logical)).toEqual(
      expect.arrayContaining(["assets/_plugin-a1b2c3d4.js", "assets/index-DiwrgTda.js", "theme.scss"]),
    );
  });

  test("`none` takes the folder as it is", async () => {
    const root = project({ ...built, "dist/theme.scss": "not { even: valid" });
    const { report, told } = runIn(root, { assets: { ...assets, build: "none" } });
    await report;
    expect(told).toEqual(["build assets"]);
  });
});

test("beside credentials no code of the project runs: neither its command nor its tools", async () => {
  const root = project(shop);
  const own = runIn(root, { credentials: true, assets: { ...published, build: "npm run build" } });
  await expect(own.report).rejects.toMatchObject({ problem: { code: "build-credentials" } });
  expect(own.told).toEqual([]);
  const loaded = join(root, "loaded");
  const less = project({
    ...shop,
    "node_modules/less/package.json": JSON.stringify({ name: "less", version: "4.1.0", main: "index.js" }),
    "node_modules/less/index.js": `require("node:fs").writeFileSync(${JSON.stringify(loaded)}, "")`,
    "assets/css/b.less": "a { b: c }",
  });
  await expect(runIn(less, { credentials: true }).report).rejects.toMatchObject({
    problem: { code: "build-credentials", message: expect.stringContaining("own less") },
  });
  expect(existsSync(loaded)).toBe(false);
  expect((await runIn(root, { credentials: true }).report).index.files.length).toBeGreaterThan(0);
});
