import { chmodSync, lstatSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hostTree } from "@deploy/testkit";
import { describe, expect, test } from "@jest/globals";
import { isTree, sortEntries } from "../src/entries.ts";
import { openPacked, unpackFolder } from "../src/index.ts";
import { sha256 } from "../src/manifest.ts";
import type { Entry } from "../src/types.ts";
import { makeTree, pack, refusals, temporary } from "./tree.ts";

const tree = {
  "public/assets/app.css": "a{}",
  "public/assets/deep/er/x.js": "x".repeat(5000),
  "public/assets/link": "-> app.css",
  "public/assetsish": "no",
  "public/index.html": "no",
};
const folder = temporary;
const listed = (path: string) =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
    .sort();

describe("unpackFolder", () => {
  test("brings exactly the files of that folder, byte for byte", async () => {
    const { directory } = await pack(makeTree(tree));
    const to = folder();
    expect(await unpackFolder(directory, "public/assets", to)).toBe(2);
    expect(listed(to)).toEqual(["app.css", "deep/er/x.js"]);
    expect(readFileSync(join(to, "deep/er/x.js"), "utf8")).toBe(tree["public/assets/deep/er/x.js"]);
  });

  test("a folder that the release does not have", async () => {
    const { directory } = await pack(makeTree(tree));
    await expect(unpackFolder(directory, "nowhere", folder())).rejects.toMatchObject({
      problem: { code: "source-missing", message: "The packed release has no file below nowhere" },
    });
  });

  test("nothing is taken from a damaged artifact", async () => {
    const { directory } = await pack(makeTree(tree));
    truncateSync(join(directory, "release.tar.gz"), 120);
    await expect(unpackFolder(directory, "public/assets", folder())).rejects.toMatchObject({
      problem: { code: "artifact-damaged" },
    });
    writeFileSync(join(directory, "manifest"), "f\t644\t1\t00\tx\n");
    await expect(unpackFolder(directory, "public/assets", folder())).rejects.toMatchObject({
      problem: { code: "artifact-damaged" },
    });
  });
});

describe("unpack", () => {
  const release = {
    "a/b/c.js": "c".repeat(600_000),
    "a/empty/": "",
    "a/run.sh": "#!/bin/sh\n",
    "-rf": "dash",
    "$(id) ü": "",
    link: "-> a/b",
    "a/up": "-> ../-rf",
    dangling: "-> a/nothing",
  };
  const at = 1_763_700_000_000;

  test("files, modes, links and folders, all of the release's time", async () => {
    const root = makeTree(release);
    chmodSync(join(root, "a/run.sh"), 0o755);
    const packed = await pack(root);
    const to = join(folder(), "new");
    const before = process.umask(0o077);
    try {
      expect(await packed.unpack(to)).toBe(4);
    } finally {
      process.umask(before);
    }
    const timeless = (path: string) =>
      hostTree(path, { mtime: true }).map((entry) => ({ ...entry, mtime: at }));
    expect(hostTree(to, { mtime: true })).toEqual(timeless(root));
    const top = lstatSync(to);
    expect([(top.mode & 0o777).toString(8), top.mtimeMs]).toEqual(["755", at]);
    expect((await pack(to)).artifact).toEqual(packed.artifact);
  });

  test("nothing is made of a damaged artifact, and nothing over what lies there", async () => {
    const { directory } = await pack(makeTree(release));
    const to = folder();
    writeFileSync(join(to, "-rf"), "mine");
    expect(await refusals((await openPacked(directory)).unpack(to))).toEqual(["artifact-unwritable "]);
    expect(readFileSync(join(to, "-rf"), "utf8")).toBe("mine");
    const empty = folder();
    truncateSync(join(directory, "release.tar.gz"), 400);
    expect(await refusals((await openPacked(directory)).unpack(empty))).toEqual(["artifact-damaged "]);
    expect(listed(empty)).toEqual([]);
  });
});

describe("a manifest that somebody else wrote", () => {
  const entry = (path: string): Entry => ({
    type: "file",
    path,
    mode: 0o644,
    size: 1,
    sha256: "0".repeat(64),
  });
  const tree = (path: string): Entry => ({ type: "directory", path, mode: 0o755 });
  const link = (path: string, target: string): Entry => ({ type: "link", path, target });

  test.each([
    ["a tree", [tree("d"), entry("d/f"), link("l", "d/f"), tree("é")], true],
    ["climbing", [entry("../f")], false],
    ["climbing from within", [tree("d"), tree("d/.."), entry("d/../f")], false],
    ["absolute", [entry("/etc/passwd")], false],
    ["a dot", [tree("."), entry("./f")], false],
    ["no name", [tree("d"), entry("d/")], false],
    ["through a link", [link("d", "e"), tree("e"), entry("d/f")], false],
    ["through a file", [entry("d"), entry("d/f")], false],
    ["in no folder", [entry("d/f")], false],
    ["twice", [entry("f"), link("f", "g")], false],
    ["a link out", [link("l", "/etc")], false],
    ["a newline", [entry("a\nb")], false],
    ["our own REVISION", [entry("REVISION")], false],
  ])("%s", (_, entries, fine) => {
    expect(isTree(sortEntries(entries))).toBe(fine);
  });

  test("is damage, before anything is made", async () => {
    const { directory } = await pack(makeTree({ f: "x" }));
    const manifest = readFileSync(join(directory, "manifest"), "utf8").replace("\tf\n", "\t../f\n");
    writeFileSync(join(directory, "manifest"), manifest);
    const record = readFileSync(join(directory, "artifact.json"), "utf8");
    const digest = JSON.parse(record).artifact.manifest;
    writeFileSync(join(directory, "artifact.json"), record.replace(digest, sha256(manifest)));
    expect(await refusals(openPacked(directory))).toEqual(["artifact-damaged "]);
  });
});
