import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { makeTree, pack, refusals, sent, temporary } from "./tree.ts";

const app = { "a.js": "one", "lib/b.js": "two", "bin/run": "#!/bin/sh\n", link: "-> a.js" };
/** Milliseconds: more than a tick of the kernel's clock. */
const tick = 20;
let root: string;
let folder: string;

beforeEach(async () => {
  root = makeTree(app);
  folder = temporary();
  await setTimeout(3 * tick);
  await again();
});

/** Packs with what is known of the last one. */
const again = (whole = false, young = tick) => pack(root, { last: { folder, whole, young } });
/** As if nobody had packed before. */
const anew = () => pack(root);
const index = () => join(folder, "index.json");

/** Makes the index tell lies: what is not read shows. */
function lie(): void {
  const text = readFileSync(index(), "utf8");
  const known = JSON.parse(text) as { marks: (string | number)[][] };
  for (const mark of known.marks) mark[5] = "0".repeat(64);
  writeFileSync(index(), JSON.stringify(known));
}

describe("the pack after one of the same tree", () => {
  test("reads no file that held nothing to tell, and is the same", async () => {
    const first = await anew();
    lie();
    const marks = (JSON.parse(readFileSync(index(), "utf8")) as { marks: string[][] }).marks;
    expect(marks.map(([path]) => path)).toEqual(["a.js", "lib/b.js"]);
    expect(await refusals(again())).toEqual(["source-changed a.js"]);
    const whole = await again(true);
    expect(whole.artifact).toEqual(first.artifact);
    expect(await sent(whole, null)).toEqual(await sent(first, null));
  });

  test("packs nothing of its own folder, where that lies in the tree", async () => {
    const own = join(root, ".cache/deploy");
    mkdirSync(own, { recursive: true });
    for (let round = 0; round < 2; round++) {
      const packed = await pack(root, { late: true, last: { folder: own, young: tick } });
      expect(packed.manifest).not.toContain("index.json");
      expect((await packed.parcel(null, "gzip")).bytes).toBeGreaterThan(0);
    }
    expect(readdirSync(own).sort()).toEqual(["clock", "index.json"]);
  });

  test("writes no index where nothing is new, and takes away what earlier versions and the killed left", async () => {
    const inode = () => lstatSync(index()).ino;
    const before = inode();
    await again();
    expect(inode()).toBe(before);
    const olds = [`${"a".repeat(64)}.tar.gz`, "new.1"];
    for (const name of olds) writeFileSync(join(folder, name), "");
    rmSync(join(root, "lib/b.js"));
    await again();
    expect(inode()).not.toBe(before);
    expect(readdirSync(folder).sort()).toEqual(["clock", "index.json"]);
  });
});

describe("never a wrong artifact", () => {
  const times = () => lstatSync(join(root, "a.js"));
  const backTo = ({ atimeMs, mtimeMs }: { atimeMs: number; mtimeMs: number }) =>
    utimesSync(join(root, "a.js"), atimeMs / 1000, mtimeMs / 1000);

  test.each<[string, () => void]>([
    [
      "rewritten with its old size and mtime",
      () => {
        const before = times();
        writeFileSync(join(root, "a.js"), "ONE");
        backTo(before);
      },
    ],
    [
      "replaced by rename, with the old one's size and mtime",
      () => {
        const before = times();
        writeFileSync(join(root, "new"), "ONE");
        renameSync(join(root, "new"), join(root, "a.js"));
        backTo(before);
      },
    ],
    ["made a program", () => chmodSync(join(root, "a.js"), 0o755)],
    [
      "put in the place of another, with all its times",
      () => {
        renameSync(join(root, "a.js"), join(root, "c.js"));
        renameSync(join(root, "lib/b.js"), join(root, "a.js"));
        renameSync(join(root, "c.js"), join(root, "lib/b.js"));
      },
    ],
    ["removed", () => rmSync(join(root, "a.js"))],
    [
      "made a link to another",
      () => {
        rmSync(join(root, "a.js"));
        symlinkSync("lib/b.js", join(root, "a.js"));
      },
    ],
    [
      "not the link's target any more",
      () => {
        rmSync(join(root, "link"));
        symlinkSync("lib/b.js", join(root, "link"));
      },
    ],
    ["what a secret was put into", () => writeFileSync(join(root, "a.js"), "-----BEGIN PRIVATE KEY-----\n")],
  ])("of a file that was %s", async (_, change) => {
    change();
    const [known, fresh] = [await outcome(again()), await outcome(anew())];
    expect(known).toEqual(fresh);
  });

  test("of a file that was young when it was read: it may have changed in the same tick", async () => {
    writeFileSync(join(root, "a.js"), "ONE");
    await again(false, 60_000);
    const { marks } = JSON.parse(readFileSync(index(), "utf8")) as { marks: unknown[] };
    expect(marks).toEqual([expect.arrayContaining(["lib/b.js"])]);
  });

  test("of a tree whose secrets were allowed once: what tells of a file is read each time", async () => {
    writeFileSync(join(root, "key.pem"), "-----BEGIN PRIVATE KEY-----\n");
    await setTimeout(3 * tick);
    await pack(root, { last: { folder, young: tick }, allowCredentials: ["key.pem"] });
    expect(await refusals(again())).toEqual(["credentials-found "]);
  });

  test("of an index that another version made, or nobody can read", async () => {
    const { artifact } = await anew();
    lie();
    const text = readFileSync(index(), "utf8");
    for (const other of [text.replace(/"rules":"./, '"rules":"-'), text.slice(0, 40), "null"]) {
      writeFileSync(index(), other);
      expect((await again()).artifact).toEqual(artifact);
      lie();
    }
  });
});

/** What was packed, or why nothing was. */
async function outcome(packing: ReturnType<typeof pack>) {
  const refused = await refusals(packing);
  if (refused.length > 0) return refused;
  const { artifact, manifest } = await packing;
  return { artifact, manifest };
}
