import { mkdtempSync, rmSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Pointer, pointerKey, publishPointer } from "@deploy/pull";
import { mintSigner, pemSigner } from "@deploy/sign";
import { folderStore, type Store } from "@deploy/store";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { pointedTo, pointer } from "./pointers.ts";

const signer = pemSigner(mintSigner());
let folder: string;
let store: Store;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pull-publish-"));
  store = folderStore(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

const pointingTo = (release: string) => () => pointer({ live: pointedTo(release) });
const serialOf = async (...args: Parameters<typeof publishPointer>) => {
  const done = await publishPointer(...args);
  return done.kind === "published" ? done.pointer.serial : done.kind;
};

test("each serial is above the last, and above the token of the lock", async () => {
  expect(await serialOf(store, signer, pointingTo("1"))).toBe(1);
  expect(await serialOf(store, signer, pointingTo("2"))).toBe(2);
  expect(await serialOf(store, signer, pointingTo("2"), 40)).toBe(40);
  expect(await serialOf(store, signer, pointingTo("1"), 7)).toBe(41);
});

test("of publishers at once none is lost: each reads what the others wrote", async () => {
  const added = ["a", "b", "c", "d", "e", "f"];
  const adding = (name: string) => (last: Pointer | undefined) => ({
    ...(last ?? pointer()),
    files: [...(last?.files ?? []), name],
  });
  const serials = await Promise.all(added.map((name) => serialOf(store, signer, adding(name))));
  expect(serials.sort()).toEqual([1, 2, 3, 4, 5, 6]);
  const last = await publishPointer(store, signer, () => undefined);
  expect(last.kind === "left" && [...(last.pointer?.files ?? [])].sort()).toEqual(added);
});

test("what another key signed, or nobody, is neither extended nor replaced", async () => {
  await publishPointer(store, pemSigner(mintSigner()), pointingTo("1"));
  const path = join(folder, pointerKey);
  const before = await readFile(path, "utf8");
  expect(await serialOf(store, signer, pointingTo("2"))).toBe("alien");
  expect(await readFile(path, "utf8")).toBe(before);
  await writeFile(path, "x".repeat(70_000));
  expect(await serialOf(store, signer, pointingTo("2"))).toBe("alien");
});
