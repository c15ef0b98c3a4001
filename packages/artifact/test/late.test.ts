import { createHash } from "node:crypto";
import {
  appendFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import type { Encoding } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import { bytes, makeTree, pack, refusals, temporary } from "./tree.ts";

const app = {
  "a.js": "one",
  "big.bin": "0123456789abcdef".repeat(40_000),
  "lib/b.js": "two",
  "lib/empty/": "",
  link: "-> a.js",
};
const decoders = { zstd: zstdDecompressSync, gzip: gunzipSync, none: (sent: Buffer) => sent };
const encodings = ["zstd", "gzip", "none"] as const;

const late = (root: string, directory = temporary()) => pack(root, { late: true, directory });
const tar = async (packed: Awaited<ReturnType<typeof pack>>, base: string | null, encoding: Encoding) => {
  const parcel = await packed.parcel(base, encoding);
  const sent = await bytes(parcel.read());
  expect([parcel.bytes, parcel.digest]).toEqual([
    sent.length,
    createHash("sha256").update(sent).digest("hex"),
  ]);
  return decoders[encoding](sent);
};

describe("packed late", () => {
  test.each(encodings)(
    "the same streams as of a packed file, in %s, and nothing written",
    async (encoding) => {
      const root = makeTree(app);
      const base = (await pack(makeTree({ ...app, "a.js": "old" }))).manifest;
      const [now, directory] = [await pack(root), temporary()];
      const packed = await late(root, directory);
      expect(packed.manifest).toBe(now.manifest);
      for (const from of [null, base, now.manifest])
        expect((await tar(packed, from, encoding)).equals(await tar(now, from, encoding))).toBe(true);
      expect(await tar(packed, null, encoding)).toEqual(await tar(packed, null, encoding));
      expect(readdirSync(directory)).toEqual([]);
    },
  );

  test("the roster and the tree are the same, too", async () => {
    const root = makeTree(app);
    const [now, packed] = [await pack(root), await late(root)];
    expect((await packed.roster()).digest).toBe((await now.roster()).digest);
    const to = join(temporary(), "tree");
    expect(await packed.unpack(to)).toBe(3);
    expect((await pack(to)).manifest).toBe(now.manifest);
  });

  test("its digest tells trees and times apart, and is the same for the same", async () => {
    const digest = async (files: typeof app, time = 5) =>
      (await pack(makeTree(files), { late: true, time })).artifact.digest;
    const same = await digest(app);
    expect(await digest(app)).toBe(same);
    const others = [await digest({ ...app, "a.js": "two" }), await digest(app, 6)];
    expect(new Set([same, ...others]).size).toBe(3);
  });
});

describe("a file that changed after it was hashed", () => {
  const changes: readonly [string, string, (path: string) => void][] = [
    ["was written to", "a.js", (path) => writeFileSync(path, "ONE")],
    [
      "was written to and got its time back",
      "a.js",
      (path) => {
        writeFileSync(path, "ONE");
        utimesSync(path, 1, 1);
      },
    ],
    ["grew", "big.bin", (path) => appendFileSync(path, "x")],
    ["was cut", "big.bin", (path) => writeFileSync(path, "x")],
    [
      "was replaced by another",
      "a.js",
      (path) => {
        writeFileSync(`${path}.new`, "ONE");
        renameSync(`${path}.new`, path);
      },
    ],
    [
      "became a link",
      "a.js",
      (path) => {
        rmSync(path);
        symlinkSync("lib/b.js", path);
      },
    ],
  ];

  test.each(changes)("%s: refused for who needs it, before a byte of it is sent", async (_, name, change) => {
    const root = makeTree(app);
    const base = (await pack(makeTree({ ...app, "lib/b.js": "old" }))).manifest;
    const packed = await late(root);
    change(join(root, name));
    for (const encoding of encodings)
      expect(await refusals(packed.parcel(null, encoding))).toEqual([`source-changed ${name}`]);
    // Who has it already is sent what did not change.
    expect((await packed.parcel(base, "gzip")).saved).toBeGreaterThan(0);
  });

  test("was removed: so, too", async () => {
    const root = makeTree(app);
    const packed = await late(root);
    rmSync(join(root, "a.js"));
    expect(await refusals(packed.parcel(null, "gzip"))).toEqual([expect.stringMatching(/ a\.js$/)]);
  });

  test("and was put right again: who asks once more gets it", async () => {
    const root = makeTree(app);
    const packed = await late(root);
    renameSync(join(root, "lib"), join(root, "away"));
    expect(await refusals(packed.parcel(null, "gzip"))).toHaveLength(1);
    renameSync(join(root, "away"), join(root, "lib"));
    expect((await packed.parcel(null, "gzip")).bytes).toBeGreaterThan(0);
  });
});
