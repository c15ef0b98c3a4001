import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { problemOf } from "@deploy/core";
import { codeOf, keysOf, putText, readText, sha256 } from "@deploy/testkit";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { diskFailure } from "../src/folder/disk.ts";
import { folderStore } from "../src/index.ts";

let base: string;
let root: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "store-"));
  root = join(base, "store");
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const everything = () =>
  readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());

test("an object is a plain file, and nothing of the store's own is listed", async () => {
  const store = folderStore(root);
  await putText(store, "css/app.css", "body{}");
  expect(readFileSync(join(root, "css/app.css"), "utf8")).toBe("body{}");
  expect([readdirSync(root).sort(), readdirSync(join(root, ".deploy-tmp")), await keysOf(store, "")]).toEqual(
    [[".deploy-meta", ".deploy-tmp", "css"], [], ["css/app.css"]],
  );
  expect(statSync(join(root, ".deploy-meta")).mode & 0o777).toBe(0o700);
});

test.each([".deploy-tmp/x", ".deploy-meta/x", ".deploy-meta"])("%s is refused as a name", async (key) => {
  expect(await codeOf(putText(folderStore(root), key, "x"))).toBe("store-key");
});

test("overwriting and removing leave no sidecars behind", async () => {
  const store = folderStore(root);
  for (const text of ["one", "two", "three"]) await putText(store, "a", text, { overwrite: true });
  expect(everything().length).toBe(2);
  await store.remove("a");
  expect(everything()).toEqual([]);
});

test("a file that others put there is an object without a sum", async () => {
  mkdirSync(root);
  writeFileSync(join(root, "theirs.txt"), "theirs");
  const store = folderStore(root);
  const { modified: _, etag: __, ...details } = (await store.details("theirs.txt")) ?? { modified: 0 };
  expect(details).toEqual({ key: "theirs.txt", size: 6, metadata: {} });
  expect((await putText(store, "theirs.txt", "ours")).kind).toBe("present");
});

test("a file that was changed behind our back loses its sidecar; one that was damaged is found out", async () => {
  const store = folderStore(root);
  await putText(store, "a", "first", { contentType: "text/plain" });
  const { atime, mtime } = statSync(join(root, "a"));
  writeFileSync(join(root, "a"), "other");
  expect((await store.details("a"))?.contentType).toBe(undefined);
  const { utimesSync } = await import("node:fs");
  const sidecar = readdirSync(join(root, ".deploy-meta"))[0] ?? "";
  utimesSync(join(root, "a"), atime, mtime);
  const told = JSON.parse(readFileSync(join(root, ".deploy-meta", sidecar), "utf8"));
  expect(told).toEqual({ key: "a", sha256: sha256("first"), contentType: "text/plain", metadata: {} });
});

test("bytes that rotted under an unchanged time are an error", async () => {
  const store = folderStore(root);
  await putText(store, "a", "first");
  const sidecar = join(root, ".deploy-meta", readdirSync(join(root, ".deploy-meta"))[0] ?? "");
  writeFileSync(sidecar, JSON.stringify({ key: "a", sha256: sha256("else"), metadata: {} }));
  expect(await codeOf(readText(store, "a"))).toBe("object-damaged");
});

test("links below the folder are neither followed nor listed", async () => {
  const outside = join(base, "outside");
  mkdirSync(outside);
  writeFileSync(join(outside, "secret"), "secret");
  mkdirSync(root);
  symlinkSync(outside, join(root, "out"));
  symlinkSync(join(outside, "secret"), join(root, "file"));
  const store = folderStore(root);
  const asked = [
    putText(store, "out/x", "x"),
    readText(store, "out/secret"),
    readText(store, "file"),
    store.remove("out/secret"),
  ];
  const overwritten = putText(store, "file", "x", { overwrite: true });
  expect(await Promise.all([...asked, overwritten].map(codeOf))).toEqual(
    Array.from({ length: 5 }, () => "store-link"),
  );
  expect([await keysOf(store, ""), readdirSync(outside)]).toEqual([[], ["secret"]]);
});

test("the folder itself may be a link", async () => {
  mkdirSync(join(base, "real"));
  symlinkSync("real", root);
  await putText(folderStore(root), "a", "x");
  expect(readFileSync(join(base, "real", "a"), "utf8")).toBe("x");
});

test("a name below an object, and an object in a folder's place", async () => {
  const store = folderStore(root);
  await putText(store, "a/b", "x");
  const codes = [
    await codeOf(putText(store, "a/b/c", "x")),
    await codeOf(putText(store, "a", "x", { overwrite: true })),
    await codeOf(putText(store, "a", "x")),
    await codeOf(putText(store, `${"n".repeat(256)}`, "x")),
  ];
  expect([codes, await keysOf(store, "")]).toEqual([
    ["store-key", "store-key", "store-failed", "store-key"],
    ["a/b"],
  ]);
  expect(readdirSync(join(root, ".deploy-tmp"))).toEqual([]);
});

test("a file that others changed is another version", async () => {
  const store = folderStore(root);
  await putText(store, "a", "first");
  const { etag = "" } = (await store.details("a")) ?? {};
  writeFileSync(join(root, "a"), "other");
  expect((await putText(store, "a", "second", { overwrite: { etag } })).kind).toBe("present");
  expect([await readText(store, "a"), readdirSync(join(root, ".deploy-tmp"))]).toEqual(["other", []]);
});

test("who was killed while it replaced is no obstacle; who is at it is waited for", async () => {
  const store = folderStore(root);
  await putText(store, "a", "first");
  const lock = join(root, ".deploy-tmp", `${sha256("a")}.lock`);
  writeFileSync(lock, "");
  const second = putText(store, "a", "second", { overwrite: true });
  // Its bytes lie aside before it asks for the lock.
  while (readdirSync(join(root, ".deploy-tmp")).length < 2) await pause(5);
  expect(await readText(store, "a")).toBe("first");
  utimesSync(lock, 1, 1);
  expect([(await second).kind, await readText(store, "a")]).toEqual(["written", "second"]);
  expect(readdirSync(join(root, ".deploy-tmp"))).toEqual([]);
});

test("what a killed run left is told, and not listed", async () => {
  const store = folderStore(root);
  mkdirSync(join(root, ".deploy-tmp"), { recursive: true });
  writeFileSync(join(root, ".deploy-tmp", `0123456789abcdef.${encodeURIComponent("dumps/a b")}`), "half");
  writeFileSync(join(root, ".deploy-tmp", "something else"), "");
  const left = await store.listUnfinished("dumps/");
  expect(left).toEqual([{ key: "dumps/a b", since: expect.any(Number), id: "0123456789abcdef" }]);
  expect([await store.listUnfinished("other"), await keysOf(store, "")]).toEqual([[], []]);
});

test.each([
  ["ENOSPC", "store-full", /^\/x could not be written: [\d.]+ \w+ are free in /],
  ["EDQUOT", "store-full", /^\/x could not be written: the user's quota is used up in /],
  ["EROFS", "store-denied", /^The file system refuses write of \/x: EROFS$/],
  ["EIO", "store-failed", /^write of \/x failed: EIO$/],
])("%s of the disk is %s", async (code, expected, message) => {
  const cause = Object.assign(new Error(code), { code, syscall: "write" });
  const problem = problemOf(await diskFailure(cause, base, "/x"));
  expect([problem.code, problem.message]).toEqual([expected, expect.stringMatching(message)]);
});
