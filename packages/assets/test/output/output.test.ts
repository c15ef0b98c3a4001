import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import type { BuiltFile } from "../../src/index.ts";
import { fingerprintsName, indexName, readIndex, writeAssets } from "../../src/index.ts";
import { stagingOf } from "../../src/output/stage.ts";
import { built, builtFiles, makeTree, readTree, refusals, temporary, write } from "./tree.ts";

const files = { "css/a.css": "a{b:url(../x.png)}", "x.png": "x", "index.html": "<img src=x.png>" };

/** A file that is copied. */
function copied(folder: string, path: string, text: string): BuiltFile {
  makeTree(folder, { [path]: text });
  const contents = { kind: "file", absolute: join(folder, path), size: Buffer.byteLength(text) } as const;
  return { ...built(path, text), contents };
}

const options = { fingerprint: "all", precompress: [], sourceMaps: "publish", manifests: [] } as const;

describe("what is written", () => {
  test("the index, the list for the bridge, and every file of the index", async () => {
    const { index, output, texts } = await write(
      { ...files, "b.css": "b{}".repeat(100) },
      { precompress: ["br"], manifests: ["json", "sprockets"] },
    );
    expect(JSON.parse(readFileSync(join(output, indexName), "utf8"))).toEqual(index);
    const lasting = index.files.filter((file) => file.immutable).map((file) => file.path);
    expect(readFileSync(join(output, fingerprintsName), "utf8")).toBe(
      lasting.map((path) => `${path}\n`).join(""),
    );
    expect(lasting.some((path) => path.endsWith(".css.br"))).toBe(true);
    expect(Object.keys(texts).sort()).toEqual(
      [...index.files.map((file) => file.path), ...index.manifests].sort(),
    );
    expect(readdirSync(join(output, ".."))).toEqual(["out"]);
  });

  test("UTF-8 is said of what is UTF-8, and what is asked for by name has its type", async () => {
    const latin = {
      ...built("old.txt", ""),
      contents: { kind: "bytes", bytes: Buffer.from("na\xefve", "latin1") },
    } as const;
    const page = { ...built("old.html", ""), contents: latin.contents };
    const known = ["apple-app-site-association", "assetlinks.json", "acme-challenge/x_Y", "security.txt"];
    const { index } = await write([
      ...[latin, page, built("new.txt", "naïve")],
      ...known.map((name) => built(`.well-known/${name}`, "{}")),
    ]);
    expect(index.files.map(({ path, contentType, immutable }) => [path, contentType, immutable])).toEqual([
      [".well-known/acme-challenge/x_Y", "text/plain; charset=utf-8", false],
      [".well-known/apple-app-site-association", "application/json", false],
      [".well-known/assetlinks.json", "application/json", false],
      [".well-known/security.txt", "text/plain; charset=utf-8", false],
      ["new.txt", "text/plain; charset=utf-8", false],
      ["old.html", "text/html", false],
      ["old.txt", "text/plain", false],
    ]);
  });

  test("a file of the index, whole", async () => {
    const { index } = await write({ "css/a.css": "a{}" });
    expect(index.files).toEqual([
      {
        logical: "css/a.css",
        path: "css/a-5f546eb4606b.css",
        kind: "css",
        contentType: "text/css; charset=utf-8",
        immutable: true,
        size: 3,
        before: 3,
        sha256: expect.stringMatching(/^5f546eb4606b[0-9a-f]{52}$/),
        integrity: expect.stringMatching(/^sha384-[\w+/]{64}$/),
        gzip: 23,
        brotli: 7,
      },
    ]);
  });

  test("copied files are hashed and copied, also when they are large; texts among them are rewritten", async () => {
    const source = temporary();
    const big = copied(source, "v.mp4", "x".repeat(3_000_000));
    const css = copied(source, "a.css", "a{b:url(v.mp4)}");
    const { names, texts } = await write([big, css]);
    expect(texts[names["v.mp4"] ?? ""]).toHaveLength(3_000_000);
    expect(texts[names["a.css"] ?? ""]).toBe(`a{b:url(${names["v.mp4"]})}`);
  });

  test("content types", async () => {
    const paths = [
      "a.js",
      "a.mjs",
      "a.svg",
      "a.json",
      "a.woff2",
      "a.webmanifest",
      "a.wasm",
      "a.html",
      "a.map",
      "a.ico",
      "a.avif",
      "LICENSE",
      "a.JPG",
      "a.constructor",
    ];
    const { index } = await write(Object.fromEntries(paths.map((path) => [path, "{}"])), {
      fingerprint: "none",
      sourceMaps: "publish",
    });
    const types = new Map(index.files.map((file) => [file.path, file.contentType]));
    expect(paths.map((path) => types.get(path))).toEqual([
      "text/javascript; charset=utf-8",
      "text/javascript; charset=utf-8",
      "image/svg+xml",
      "application/json",
      "font/woff2",
      "application/manifest+json",
      "application/wasm",
      "text/html; charset=utf-8",
      "application/json",
      "image/x-icon",
      "image/avif",
      "application/octet-stream",
      "image/jpeg",
      "application/octet-stream",
    ]);
  });
});

describe("a second run", () => {
  test("does not touch what is unchanged, removes what is not made any more, leaves the rest", async () => {
    const { output, names } = await write(
      { ...files, "old/deep/o.css": "o{}" },
      { manifests: ["sprockets"] },
    );
    makeTree(output, { "user.txt": "mine", "old/user.txt": "mine" });
    const before = join(output, names["x.png"] ?? "");
    utimesSync(before, 1, 1);
    const second = await write({ ...files, "index.html": "<img src='x.png'>" }, { output });
    expect(statSync(before).mtimeMs).toBe(1000);
    expect(Object.keys(second.texts)).toEqual(
      [second.names["css/a.css"], "index.html", "old/user.txt", "user.txt", second.names["x.png"]].sort(),
    );
    expect(existsSync(join(output, "old/deep"))).toBe(false);
    expect(second.texts["index.html"]).toBe(`<img src='${names["x.png"]}'>`);
  });

  test("an old file that somebody changed since, or that lies behind a link, stays", async () => {
    const { output, names } = await write({ "a.css": "a{}", "d/b.css": "b{}" });
    const elsewhere = temporary();
    makeTree(elsewhere, { [(names["d/b.css"] ?? "").slice(2)]: "b{}" });
    writeFileSync(join(output, names["a.css"] ?? ""), "changed");
    rmSync(join(output, "d"), { recursive: true });
    symlinkSync(elsewhere, join(output, "d"));
    const second = await write({ "c.css": "c{}" }, { output });
    expect(second.texts[names["a.css"] ?? ""]).toBe("changed");
    expect(readdirSync(elsewhere)).toEqual([(names["d/b.css"] ?? "").slice(2)]);
  });

  test("a record that was tampered with removes nothing outside", async () => {
    const output = join(temporary(), "out");
    makeTree(output, {
      "../victim": "v",
      [indexName]: JSON.stringify({
        files: [{ path: "../victim" }, 5, null, { path: "/etc/x" }],
        manifests: ["../victim", 7],
      }),
    });
    await write({ "a.css": "a{}" }, { output });
    expect(readFileSync(join(output, "../victim"), "utf8")).toBe("v");
  });

  test("a file of ours gives way to a folder", async () => {
    const { output } = await write({ x: "1" }, { fingerprint: "none" });
    const { texts } = await write({ "x/y": "2" }, { fingerprint: "none", output });
    expect(texts).toEqual({ "x/y": "2" });
  });

  test("what a killed run left is taken up: its staging folder goes, its files are ours", async () => {
    const output = join(temporary(), "out");
    makeTree(stagingOf(output), { "half.css": "h" });
    makeTree(output, {
      ".deploy-assets.pending": "index.html\nold.html\n",
      "index.html": "half",
      "old.html": "half",
    });
    const { texts } = await write({ "index.html": "whole" }, { output });
    expect(texts).toEqual({ "index.html": "whole" });
    expect(readdirSync(join(output, "..")).sort()).toEqual(["out"]);
    expect(readdirSync(output).sort()).toEqual([indexName, fingerprintsName, "index.html"].sort());
  });
});

describe("refusals", () => {
  test("a file that is not ours with other bytes: by name, before anything is written", async () => {
    const output = join(temporary(), "out");
    makeTree(output, { "index.html": "mine", "robots.txt": "same", "sub/page.html/x": "" });
    const run = write(
      { "index.html": "theirs", "robots.txt": "same", "sub/page.html": "", "a.css": "a{}" },
      { output },
    );
    expect(await refusals(run)).toEqual([
      'assets-output | index.html | In the output folder "index.html" has other bytes and is not ours',
      'assets-output | sub/page.html | In the output folder "sub/page.html" is no file',
    ]);
    expect(readTree(output)).toEqual({ "index.html": "mine", "robots.txt": "same", "sub/page.html/x": "" });
  });

  test("a link in place of a folder or file", async () => {
    const output = join(temporary(), "out");
    const elsewhere = temporary();
    mkdirSync(output);
    symlinkSync(elsewhere, join(output, "css"));
    symlinkSync(join(elsewhere, "x"), join(output, "index.html"));
    expect(await refusals(write({ "css/a.css": "a{}", "index.html": "" }, { output }))).toEqual([
      'assets-output | css | In the output folder "css" is no folder',
      'assets-output | index.html | In the output folder "index.html" is no file',
    ]);
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  test("an output in or around the source, also through a link", async () => {
    const source = temporary();
    const file = copied(source, "in/a.png", "x");
    symlinkSync(source, join(temporary(), "link"));
    const link = temporary();
    symlinkSync(source, join(link, "there"));
    for (const output of [
      source,
      join(source, "in"),
      join(source, "out"),
      join(link, "there/out"),
      join(source, ".."),
    ]) {
      expect(
        (await refusals(writeAssets([file], { ...options, output, source }))).map(
          (each) => each.split(" ")[0],
        ),
      ).toEqual(["assets-output"]);
    }
    expect((await refusals(writeAssets([file], { ...options, output: join(source, "in") }))).length).toBe(1);
    expect(readTree(source)).toEqual({ "in/a.png": "x" });
  });

  test("names that leave the tree or break a line, and two files in one place", async () => {
    const bad = ["../a.css", "/a.css", "a//b", "a/./b", "a\nb", "a\0b", "a\\b", ""];
    const run = (paths: readonly string[]) => refusals(write(paths.map((path) => built(path, ""))));
    for (const path of bad)
      expect((await run([path])).map((each) => each.split(" ")[0])).toEqual(["asset-name"]);
    expect(await run(["a", "a"])).toEqual(['asset-clash | a | It and "a" would both be "a"']);
    expect(await run(["a", "a/b"])).toEqual(['asset-clash | a/b | "a" would be a file and a folder']);
  });

  test("a manifest where the tree has a file of that name", async () => {
    const run = write(
      { "manifest.json": "{}", "assets-manifest.json": "{}" },
      { manifests: ["json"], fingerprint: "none" },
    );
    expect((await refusals(run)).map((each) => each.split(" ")[0])).toEqual(["asset-clash"]);
  });

  test("a source that vanished", async () => {
    const folder = temporary();
    const file = copied(folder, "a.png", "x");
    rmSync(join(folder, "a.png"));
    expect((await refusals(write([file]))).map((each) => each.split(" ")[0])).toEqual(["asset-unreadable"]);
  });

  test("cancelled: nothing is written", async () => {
    const output = join(temporary(), "out");
    await expect(
      writeAssets(builtFiles(files), { ...options, output, signal: AbortSignal.abort() }),
    ).rejects.toThrow();
    expect(existsSync(output)).toBe(false);
  });
});

describe("manifests of the tree", () => {
  test("the vite form takes the place of Vite's own; the json form does not take a web app's", async () => {
    const own = JSON.stringify({ "src/main.js": { file: "a.js", isEntry: true } });
    const { index, texts, names } = await write(
      {
        "a.js": "1",
        ".vite/manifest.json": own,
        "manifest.json": '{"icons":[{"src":"i.png"}]}',
        "i.png": "1",
      },
      { manifests: ["vite", "json", "mix", "django", "propshaft", "vite"] },
    );
    expect(index.manifests).toEqual([
      ".manifest.json",
      ".vite/manifest.json",
      "assets-manifest.json",
      "mix-manifest.json",
      "staticfiles.json",
    ]);
    expect(JSON.parse(texts[".vite/manifest.json"] ?? "")["src/main.js"].file).toBe(names["a.js"]);
    expect(texts["manifest.json"]).toBe(`{"icons":[{"src":"${names["i.png"]}"}]}`);
    expect(index.files.map((file) => file.path)).toEqual([names["a.js"], names["i.png"], "manifest.json"]);
  });
});

describe("readIndex", () => {
  test("gives back what was written", async () => {
    const { index, output } = await write(files);
    expect(await readIndex(output)).toEqual(index);
  });

  test("nothing there, or nothing of ours", async () => {
    const output = temporary();
    const code = async () => (await refusals(readIndex(output))).map((each) => each.split(" ")[0]);
    expect(await code()).toEqual(["assets-missing"]);
    const { index } = await write({ "a.css": "a{}" });
    const [file] = index.files;
    const bad = [
      "{",
      "[]",
      JSON.stringify({ ...index, schema: 2 }),
      JSON.stringify({ ...index, files: [{ ...file, path: "../x" }] }),
      JSON.stringify({ ...index, files: [{ ...file, size: "1" }] }),
      JSON.stringify({ ...index, manifests: ["/etc/passwd"] }),
    ];
    for (const text of bad) {
      writeFileSync(join(output, indexName), text);
      expect(await code()).toEqual(["assets-output"]);
    }
  });
});
