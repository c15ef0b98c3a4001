import {
  copyFileSync,
  lstatSync,
  renameSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { readUnchanged } from "../src/read.ts";
import { readSource } from "../src/source.ts";
import type { FileEntry } from "../src/types.ts";
import { bytes, makeTree, refusals, temporary } from "./tree.ts";

async function readTwice(change: (file: string) => void): Promise<readonly string[]> {
  const root = makeTree({ f: "before" });
  const options = { root, exclude: [], shared: [], time: 0, directory: temporary() };
  const source = await readSource(options);
  change(join(root, "f"));
  return refusals(bytes(source.data(source.entries[0] as FileEntry)));
}

const changed = ["source-changed f"];

test("the second read must find what the first did", async () => {
  expect(await readTwice(() => {})).toEqual([]);
  expect(await readTwice((file) => writeFileSync(file, "longer than before"))).toEqual(changed);
  expect(await readTwice((file) => utimesSync(file, 1, 1))).toEqual(changed);
  expect(await readTwice((file) => renameSync(file, `${file}.gone`))).toEqual(changed);
});

test("other bytes of the same size under the same time are noticed, and the same bytes in another file", async () => {
  const disguise = (file: string, content: string) => {
    const { atime, mtime } = statSync(file);
    writeFileSync(file, content);
    utimesSync(file, atime, mtime);
  };
  expect(await readTwice((file) => disguise(file, "BEFORE"))).toEqual(changed);
  // A fraction of a second is lost by utimes: whole seconds come back as they were.
  const root = makeTree({ f: "before" });
  utimesSync(join(root, "f"), 1_000, 1_000);
  const stats = lstatSync(join(root, "f"));
  disguise(join(root, "f"), "BEFORE");
  const now = lstatSync(join(root, "f"));
  expect([now.ino, now.size, now.mtimeMs]).toEqual([stats.ino, stats.size, stats.mtimeMs]);
  expect(await refusals(bytes(readUnchanged(root, "f", stats)))).toEqual(changed);
  expect(
    await readTwice((file) => {
      copyFileSync(file, `${file}.new`);
      const { atime, mtime } = statSync(file);
      utimesSync(`${file}.new`, atime, mtime);
      renameSync(`${file}.new`, file);
    }),
  ).toEqual(changed);
});

test("a file put in its place is not followed where it is a link", async () => {
  expect(
    await readTwice((file) => {
      renameSync(file, `${file}.real`);
      symlinkSync(`${file}.real`, file);
    }),
  ).toEqual(changed);
});
