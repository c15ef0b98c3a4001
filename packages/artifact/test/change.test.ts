import { renameSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
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
