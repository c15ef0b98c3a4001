import { utimesSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import { openPacked } from "../src/index.ts";
import { readTar } from "./readTar.ts";
import { makeTree, pack, sent } from "./tree.ts";

const old = { same: "s".repeat(2000), changed: "old", gone: "x", "d/deep": "deep", link: "-> same" };
const now = { same: old.same, changed: "new", added: "a", "d/deep": "deep", link: "-> changed", "e/": "" };

describe("stream(base)", () => {
  test("keeps what is equal in type, mode, size, hash and path; sends the rest", async () => {
    const base = await pack(makeTree(old));
    const packed = await openPacked((await pack(makeTree(now))).directory);
    const entries = readTar(gunzipSync(await sent(packed, base.manifest)));
    expect(entries).toEqual([
      { type: "0", name: "manifest", data: packed.manifest },
      { type: "0", name: "keep", data: "d/deep\nsame\n" },
      { type: "5", name: "tree/", data: "" },
      { type: "0", name: "tree/added", data: "a" },
      { type: "0", name: "tree/changed", data: "new" },
      { type: "5", name: "tree/d/", data: "" },
      { type: "5", name: "tree/e/", data: "" },
      { type: "2", name: "tree/link", data: "changed" },
    ]);
  });

  test("same size and time, other content: it is sent", async () => {
    const [before, after] = [makeTree({ f: "one", g: "x" }), makeTree({ f: "two", g: "x" })];
    for (const root of [before, after]) utimesSync(join(root, "f"), 1_000, 1_000);
    const base = (await pack(before)).manifest;
    const entries = readTar(gunzipSync(await sent(await pack(after), base)));
    expect(entries.slice(1).map(({ name, data }) => [name, data])).toEqual([
      ["keep", "g\n"],
      ["tree/", ""],
      ["tree/f", "two"],
    ]);
  });

  test.each(["", "nonsense", "f\t644\t1\tzz\t../../etc/passwd\n", "\n\n\t\t"])(
    "a base that says nothing useful (%j) gets everything",
    async (base) => {
      const packed = await pack(makeTree(now));
      expect(await sent(packed, base)).toEqual(await sent(packed, null));
    },
  );

  test("an equal base leaves only folders and links to send", async () => {
    const packed = await pack(makeTree(now));
    const names = readTar(gunzipSync(await sent(packed, packed.manifest))).map(({ name }) => name);
    expect(names).toEqual(["manifest", "keep", "tree/", "tree/d/", "tree/e/", "tree/link"]);
  });
});
