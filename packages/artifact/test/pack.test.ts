import {
  appendFileSync,
  chmodSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import { openPacked } from "../src/index.ts";
import { sha256 } from "../src/manifest.ts";
import { load } from "../src/open.ts";
import { offsetsOf, streamSize } from "../src/stream.ts";
import { makeTree, pack, refusals, sent, temporary } from "./tree.ts";

const app = { "index.js": "one", "lib/a.js": "aa", "lib/empty": "", "logs/": "", link: "-> lib/a.js" };

describe("packArtifact", () => {
  test("the order is that of bytes, not of JavaScript's strings", async () => {
    const names = ["\uffee", "😀", "z", "é", "Z", "a-b", "a.b"];
    const { manifest } = await pack(makeTree(Object.fromEntries(names.map((name) => [name, "x"]))));
    const paths = manifest.split("\n").flatMap((line) => line.split("\t")[4] ?? []);
    expect(paths).toEqual(["Z", "a-b", "a.b", "z", "é", "\uffee", "😀"]);
  });

  test("the manifest names every folder, file and link, sorted by bytes", async () => {
    const packed = await pack(makeTree(app));
    expect(packed.manifest).toBe(
      [
        "d\t755\t-\t-\tlib",
        "d\t755\t-\t-\tlogs",
        `f\t644\t0\t${sha256("")}\tlib/empty`,
        `f\t644\t2\t${sha256("aa")}\tlib/a.js`,
        `f\t644\t3\t${sha256("one")}\tindex.js`,
        "l\t-\t-\t-\tlink\tlib/a.js",
        "",
      ].join("\n"),
    );
    const tar = gunzipSync(await sent(packed, null));
    expect(packed.artifact).toEqual({
      digest: sha256(tar),
      manifest: sha256(packed.manifest),
      files: 4,
      bytes: 5,
    });
  });

  test("equal trees are equal bytes, whatever their times and the order they were made in", async () => {
    const [one, two] = [makeTree(app), makeTree(Object.fromEntries(Object.entries(app).reverse()))];
    const [first, second] = [await pack(one), await pack(two)];
    expect(await sent(first, null)).toEqual(await sent(second, null));
    expect(first.artifact).toEqual(second.artifact);
  });

  test("equal trees are equal bytes, whatever the umask they were made under", async () => {
    const packs = [0o002, 0o022, 0o077].map((mask) => {
      const root = makeTree({ ...app, "bin/start": "#!/bin/sh" });
      for (const path of ["lib", "bin", "logs", "bin/start"]) chmodSync(join(root, path), 0o777 & ~mask);
      for (const path of ["index.js", "lib/a.js"]) chmodSync(join(root, path), 0o666 & ~mask);
      return pack(root);
    });
    const [first, ...others] = await Promise.all(packs);
    expect(others.map(({ artifact }) => artifact)).toEqual([first?.artifact, first?.artifact]);
    const modes = first?.manifest.match(/^[df]\t\d+/gm);
    expect(modes).toEqual(["d\t755", "d\t755", "d\t755", "f\t644", "f\t644", "f\t644", "f\t755"]);
  });

  test("shared paths, .git at any depth, excluded ones and the packed files themselves are left out", async () => {
    const root = makeTree({
      ...app,
      ".env": "x",
      ".git/HEAD": "x",
      "lib/.git": "gitdir: x",
      "storage/app/f": "x",
      "storage/g": "x",
      "a.log": "x",
    });
    const packed = await pack(root, {
      shared: [".env", "storage/app"],
      exclude: ["*.log"],
      directory: join(root, "packed"),
    });
    const paths = packed.manifest.split("\n").map((line) => line.split("\t")[4]);
    expect(paths).toEqual([
      "lib",
      "logs",
      "storage",
      "lib/empty",
      "storage/g",
      "lib/a.js",
      "index.js",
      "link",
      undefined,
    ]);
  });

  test("every path that may not be sent is named, all at once", async () => {
    const root = makeTree({
      REVISION: "x",
      "a\nb": "x",
      "back\\slash": "x",
      out: "-> ../x",
      abs: "-> /etc",
      fine: "x",
    });
    writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0x66, 0xff])]), "x");
    writeFileSync(join(root, "suid"), "x");
    chmodSync(join(root, "suid"), 0o4755);
    writeFileSync(join(root, "closed"), "x");
    chmodSync(join(root, "closed"), 0o200);
    expect([...(await refusals(pack(root)))].sort()).toEqual([
      "link-refused abs",
      "link-refused out",
      "mode-refused closed",
      "mode-refused suid",
      "name-refused a\\nb",
      "name-refused back\\\\slash",
      "name-refused f\u00ff",
      "revision-refused REVISION",
    ]);
  });

  test("a folder below may hold a REVISION; shell characters and emoji are names like others", async () => {
    const names = ["$(id)", "-rf", "a b", "*", "'\"", ";", "sub/REVISION", "🚀", "...", "~"];
    const packed = await pack(makeTree(Object.fromEntries(names.map((name) => [name, "x"]))));
    const files = packed.manifest
      .split("\n")
      .flatMap((line) => (line.startsWith("f") ? [line.split("\t")[4]] : []));
    expect([...files].sort()).toEqual([...names].sort());
  });

  test.each([
    ["up to a sibling", { "a/b/l": "-> ../c", "a/c/": "" }, []],
    ["dangling inside", { "a/l": "-> nothing", f: "x" }, []],
    ["through another link and out", { "s/t/up": "-> ..", "s/t/v": "-> up/../.." }, ["link-refused s/t/v"]],
    ["a loop", { a: "-> b", b: "-> a" }, ["link-refused a", "link-refused b"]],
    ["through a file", { f: "x", l: "-> f/../g" }, ["link-refused l"]],
    ["to the root itself", { "a/l": "-> .." }, []],
  ])("a link %s", async (_, tree: Record<string, string>, expected) => {
    expect(await refusals(pack(makeTree(tree)))).toEqual(expected);
  });

  test("a missing, linked or empty source is said plainly", async () => {
    const root = temporary();
    symlinkSync(root, join(root, "link"));
    writeFileSync(join(root, "file"), "");
    expect([
      await refusals(pack(join(root, "nowhere"))),
      await refusals(pack(join(root, "link"))),
      await refusals(pack(join(root, "file"))),
      await refusals(pack(makeTree({ "only/folders/": "" }))),
      await refusals(pack(makeTree(app), { exclude: ["*"] })),
    ]).toEqual([
      ["source-missing "],
      ["source-missing "],
      ["source-missing "],
      ["source-empty "],
      ["source-empty "],
    ]);
  });
});

describe("openPacked", () => {
  test("gives what was packed, without the tree", async () => {
    const root = makeTree(app);
    const packed = await pack(root, { commit: "abc123" });
    rmSync(root, { recursive: true });
    const opened = await openPacked(packed.directory);
    const { parcel: _, roster: _r, unpack: _u, ...first } = packed;
    const { parcel: __, roster: __r, unpack: __u, ...second } = opened;
    expect(second).toEqual(first);
    expect(await sent(opened, null)).toEqual(readFileSync(join(packed.directory, "release.tar.gz")));
  });

  test.each(["manifest", "artifact.json", "release.tar.gz"])("a changed %s is damage", async (name) => {
    const { directory } = await pack(makeTree(app));
    const file = join(directory, name);
    const text = readFileSync(file);
    const at = Math.floor(text.length / 2);
    text[at] = (text[at] ?? 0) ^ 1;
    writeFileSync(file, text);
    expect(await refusals(openPacked(directory).then((opened) => sent(opened, null)))).toEqual([
      "artifact-damaged ",
    ]);
  });

  test("another release's tar beside the manifest is damage, full or as a delta", async () => {
    const [one, two] = [await pack(makeTree(app)), await pack(makeTree({ ...app, "index.js": "two" }))];
    writeFileSync(join(one.directory, "release.tar.gz"), readFileSync(join(two.directory, "release.tar.gz")));
    const opened = await openPacked(one.directory);
    expect(await refusals(sent(opened, null))).toEqual(["artifact-damaged "]);
    expect(await refusals(sent(opened, one.manifest))).toEqual(["artifact-damaged "]);
  });

  test("an empty folder says what is missing; a longer manifest is damage", async () => {
    expect(await refusals(openPacked(temporary()))).toEqual(["artifact-missing "]);
    const { directory } = await pack(makeTree(app));
    appendFileSync(join(directory, "manifest"), "d\t755\t-\t-\tmore\n");
    expect(await refusals(openPacked(directory))).toEqual(["artifact-damaged "]);
  });
});

test("nothing but the three files is left in the directory", async () => {
  const directory = mkdtempSync(join(tmpdir(), "artifact-"));
  await pack(makeTree(app), { directory });
  const { readdirSync } = await import("node:fs");
  expect(readdirSync(directory).sort()).toEqual(["artifact.json", "manifest", "release.tar.gz"]);
  rmSync(directory, { recursive: true });
});

test("without a time it is the newest file's", async () => {
  const root = makeTree({ f: "x", g: "y" });
  utimesSync(join(root, "f"), 5, 1_700_000_001);
  utimesSync(join(root, "g"), 5, 1_700_000_000);
  expect((await pack(root, { time: undefined })).mtime).toBe(1_700_000_001);
});

test("the offset of each file and the size of all of it are those of the stream", async () => {
  const long = `${"d".repeat(60)}/${"e".repeat(60)}`;
  const names = ["a", "ü", `${long}/x`, `${long}/${"n".repeat(255)}`, "n".repeat(95), "n".repeat(94), "z/"];
  const sizes = Object.fromEntries(names.map((name, at) => [name, "x".repeat(at * 511)]));
  const target = (length: number) => `-> ${"t/".repeat(length / 2)}`;
  const packed = await pack(
    makeTree({ ...sizes, l1: target(100), l2: target(102), l3: target(512), l4: target(1_024) }),
  );
  const { manifest, entries } = await load(packed.directory);
  const tar = gunzipSync(await sent(packed, null));
  expect(streamSize(manifest, entries)).toBe(tar.length);
  const found = [...offsetsOf(manifest, entries)].map(([path, at]) => {
    const size = (sizes[path] ?? "").length;
    return [path, sha256(tar.subarray(at, at + size))];
  });
  expect(found).toEqual(entries.flatMap((one) => (one.type === "file" ? [[one.path, one.sha256]] : [])));
});
