import { mkdirSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { type CacheIndex, emptyIndex, readIndex, writeIndex } from "../../src/build/cacheIndex.ts";
import { cacheKey } from "../../src/build/cacheKey.ts";
import { makeHashes, sha256 } from "../../src/build/hashes.ts";
import { countTools } from "../../src/build/toolUse.ts";
import { listWatched } from "../../src/build/watched.ts";
import type { Setting } from "../../src/compile/setting.ts";
import { bundledTool, type Toolbox } from "../../src/tools/tool.ts";
import { addFiles, makeTree } from "./tree.ts";

describe("the folders that are watched", () => {
  test("are those asked before the one where a file was found", () => {
    const inputs = ["/r/assets/pages/a.scss", "/r/styles/ui/_button.scss"];
    expect(listWatched(inputs, ["/r/assets", "/r/styles", "/r/node_modules"])).toEqual([
      // Beside each file that imports.
      "/r/assets/pages",
      "/r/assets/pages/a",
      "/r/assets/pages/button",
      "/r/assets/pages/pages",
      "/r/assets/pages/pages/a",
      "/r/assets/pages/ui",
      "/r/assets/pages/ui/button",
      // Where a load path would have it.
      "/r/assets/ui",
      "/r/assets/ui/button",
      "/r/styles/ui",
      "/r/styles/ui/a",
      "/r/styles/ui/button",
      "/r/styles/ui/pages",
      "/r/styles/ui/pages/a",
      "/r/styles/ui/ui",
      "/r/styles/ui/ui/button",
    ]);
  });
});

describe("digests", () => {
  test("of a folder follow the names of style sheets and folders in it", () => {
    const root = makeTree({ "a/x.scss": "1", "a/y.png": "1" });
    const digest = () => makeHashes().folder(`${root}/a`).digest;
    const before = digest();
    addFiles(root, { "a/x.scss": "2", "a/z.png": "1" });
    expect(digest()).toBe(before);
    mkdirSync(`${root}/a/sub`);
    const after = digest();
    addFiles(root, { "a/z.less": "" });
    expect(new Set([before, after, digest()]).size).toBe(3);
  });

  test("of a folder that is not there are those of the nearest one above", () => {
    const root = makeTree({ "a/x.scss": "" });
    const hashes = makeHashes();
    expect(hashes.folder(`${root}/a/b/c`)).toEqual(hashes.folder(`${root}/a`));
    expect(hashes.file(`${root}/gone`)).toBe("absent");
    expect(hashes.file(`${root}/a/x.scss`)).toBe(sha256(""));
  });
});

describe("the index", () => {
  const record = { key: "k", inputs: [0], folders: [], bytes: sha256("x"), before: 1, warnings: [] };
  const index: CacheIndex = { ...emptyIndex, files: [["a", "b"]], records: { a: record } };

  test("is read as it was written", () => expect(readIndex(writeIndex(index))).toEqual(index));

  test("is empty where it is cut, changed, foreign or of another schema", () => {
    const text = writeIndex(index);
    const other = JSON.stringify({ schema: 2 });
    const damaged = ["", "x", text.slice(0, -9), text.replace('"a"', '"c"'), `${sha256(other)}\n${other}\n`];
    expect(damaged.map(readIndex)).toEqual(damaged.map(() => emptyIndex));
  });
});

test("a cache key follows what decides about its language, and nothing else", () => {
  const tools = Object.fromEntries(
    (["sass", "less", "css", "js", "svg", "html"] as const).map((role) => [role, bundledTool(role)]),
  );
  const plain: Setting = {
    root: "/r",
    source: "/r/a",
    search: ["/r/a"],
    minify: true,
    sourceMaps: true,
    html: false,
    tools: tools as Toolbox,
    ownCode: true,
  };
  const changes: Record<string, Setting> = {
    moved: { ...plain, root: "/q", source: "/q/a", search: ["/q/a"] },
    minify: { ...plain, minify: false },
    maps: { ...plain, sourceMaps: false },
    browsers: { ...plain, targets: { chrome: 1 } },
    paths: { ...plain, search: ["/r/a", "/r/b"] },
    terser: {
      ...plain,
      tools: { ...plain.tools, js: { name: "terser", version: "6.0.0", from: "project" } },
    },
  };
  const changed = (language: "scss" | "css" | "js") =>
    Object.keys(changes).filter(
      (name) => cacheKey(language, changes[name] as Setting) !== cacheKey(language, plain),
    );
  expect({ scss: changed("scss"), css: changed("css"), js: changed("js") }).toEqual({
    scss: ["minify", "maps", "browsers", "paths"],
    css: ["minify", "maps", "browsers"],
    js: ["minify", "maps", "terser"],
  });
});

test("tools are counted by name, version and whose they are", () => {
  const made = (...roles: ("sass" | "css")[]) => ({ tools: roles.map(bundledTool) }) as never;
  expect(countTools([made("sass", "css"), made("css")]).map(({ name, files }) => [name, files])).toEqual([
    ["lightningcss", 2],
    ["sass", 1],
  ]);
});
