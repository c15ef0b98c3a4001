import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { parseExclude } from "../src/exclude.ts";
import { openPacked, unpackSource } from "../src/index.ts";
import { renderManifest, sha256 } from "../src/manifest.ts";
import type { Entry } from "../src/types.ts";
import { walk } from "../src/walk.ts";
import { makeTree, pack, sent, temporary } from "./tree.ts";

const folders = (length: number) => `${"d".repeat(50)}/`.repeat(Math.ceil(length / 51)).slice(0, length);
const long = (length: number) => `${folders(length - 5)}/file`;
const tree = {
  "0byte": "",
  block: "x".repeat(512),
  big: "0123456789".repeat(100_000),
  [long(101)]: "101",
  [long(160)]: "160",
  [long(300)]: "300",
  [`n${"a".repeat(254)}`]: "255 in one name",
  ["🚀".repeat(40)]: "bytes, not characters",
  "-rf": "dash",
  "$(id) ; '\"*": "shell",
  "empty/": "",
  short: "-> big",
  longLink: `-> ${long(160)}`,
};

async function manifestOf(root: string): Promise<string> {
  const { found } = await walk(root, parseExclude([], []));
  const entries = found.map((one): Entry => {
    if (one.type !== "file") return one;
    const data = readFileSync(join(root, one.path));
    return { type: "file", path: one.path, mode: one.mode, size: data.length, sha256: sha256(data) };
  });
  return renderManifest(entries);
}

const readers = [
  ["GNU tar", ["tar", "-xpzf"]],
  ["BusyBox tar", ["busybox", "tar", "-xpzf"]],
] as const;

describe.each(readers)("%s", (_, [program, ...args]) => {
  test("extracts the full stream exactly", async () => {
    const root = makeTree(tree);
    chmodSync(join(root, "0byte"), 0o755);
    chmodSync(join(root, "empty"), 0o750);
    const packed = await pack(root);
    const out = temporary();
    execFileSync(program, [...args, join(packed.directory, "release.tar.gz"), "-C", out]);
    expect(readFileSync(join(out, "manifest"), "utf8")).toBe(packed.manifest);
    expect(readFileSync(join(out, "keep"), "utf8")).toBe("");
    expect(await manifestOf(join(out, "tree"))).toBe(packed.manifest);
    expect(lstatSync(join(out, "tree", "big")).mtimeMs).toBe(1_763_700_000_000);
    expect(readlinkSync(join(out, "tree", "longLink"))).toBe(long(160));
  });

  test("a delta and the kept files of the base make the new tree", async () => {
    const base = await pack(makeTree({ ...tree, big: "other", gone: "x" }));
    const packed = await openPacked((await pack(makeTree(tree))).directory);
    const out = temporary();
    writeFileSync(join(out, "in.tar.gz"), await sent(packed, base.manifest));
    execFileSync(program, [...args, join(out, "in.tar.gz"), "-C", out]);
    const old = temporary();
    execFileSync("tar", ["-xpzf", join(base.directory, "release.tar.gz"), "-C", old]);
    for (const path of readFileSync(join(out, "keep"), "utf8").split("\n").slice(0, -1)) {
      expect(existsSync(join(out, "tree", path))).toBe(false);
      execFileSync("cp", ["-p", "--", join(old, "tree", path), join(out, "tree", path)]);
    }
    expect(await manifestOf(join(out, "tree"))).toBe(packed.manifest);
  });
});

test("GNU tar lists owner 0/0 and no warning", async () => {
  const packed = await pack(makeTree({ f: "x" }));
  const listing = execFileSync(
    "tar",
    ["-tvzf", join(packed.directory, "release.tar.gz"), "--numeric-owner"],
    {
      encoding: "utf8",
      env: { ...process.env, TZ: "UTC" },
    },
  );
  expect(listing.replace(/ +/g, " ").split("\n")).toEqual([
    "-rw-r--r-- 0/0 75 2025-11-21 04:40 manifest",
    "-rw-r--r-- 0/0 0 2025-11-21 04:40 keep",
    "drwxr-xr-x 0/0 0 2025-11-21 04:40 tree/",
    "-rw-r--r-- 0/0 1 2025-11-21 04:40 tree/f",
    "",
  ]);
});

const writers = [
  ["GNU tar", (root: string) => ["tar", "-C", root, "-czf"]],
  ["GNU tar, pax", (root: string) => ["tar", "--format=pax", "-C", root, "-czf"]],
  ["BusyBox tar", (root: string) => ["busybox", "tar", "-C", root, "-czf"]],
] as const;

test.each(writers)("what %s writes is unpacked exactly", async (_, command) => {
  const root = makeTree(tree);
  chmodSync(join(root, "0byte"), 0o755);
  linkSync(join(root, "big"), join(root, "same"));
  const folder = temporary();
  const [program, ...args] = command(root);
  execFileSync(program ?? "", [...args, join(folder, "app.tar.gz"), "."]);
  expect(await manifestOf(await unpackSource(folder, temporary()))).toBe(await manifestOf(root));
});
