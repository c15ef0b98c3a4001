import { execFileSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import type { PackOptions } from "../src/index.ts";
import { makeTree, pack } from "./tree.ts";

async function warnings(root: string, options: Partial<PackOptions> = {}): Promise<readonly string[]> {
  const told: string[] = [];
  await pack(root, { ...options, onWarning: (text) => told.push(text) });
  return told;
}

const installed = { "node_modules/.package-lock.json": "{}", "node_modules/a/index.js": "x" };

test.each([
  ["modes", { "bin/start": "#!/bin/sh\n" }, "no file is executable, and bin/start begins with #!"],
  [
    "links",
    { ...installed, "node_modules/.bin/a": "#!/usr/bin/env node\n" },
    "node_modules/.bin/a should be links",
  ],
  ["dot files", { "node_modules/a/index.js": "x" }, "node_modules holds no name that begins with a dot"],
  [
    "the folder that is started",
    { "package.json": '{"scripts":{"start":"node .output/server/index.mjs"}}' },
    "package.json starts something in .output, which is missing",
  ],
  ["Next's", { "package.json": '{"scripts":{"start":"next start -p 80"}}' }, "in .next, which is missing"],
])("a tree that lost %s is told", async (_, files, words) => {
  const told = await warnings(makeTree(files));
  expect(told).toEqual([expect.stringContaining(words)]);
  expect(told[0]).toContain("`tar -cf app.tar -C dist .`");
});

test("what git keeps without a mode is as it should be", async () => {
  const root = makeTree({ "bin/reload.sh": "#!/bin/sh\n" });
  const env = { PATH: process.env.PATH };
  const filter = { files: [], cwd: root, env };
  execFileSync("git", ["init", "--quiet", root], { env });
  expect(await warnings(root, { filter })).toHaveLength(1);
  execFileSync("git", ["-C", root, "add", "."], { env });
  expect(await warnings(root, { filter })).toEqual([]);
});

test.each([
  ["nothing to lose", { "index.html": "x" }],
  ["links that are there", { ...installed, "node_modules/.bin/a": "-> ../a/index.js" }],
  ["the scripts of pnpm", { ...installed, x: "", "node_modules/.bin/a": "#!/bin/sh\nexec node a\n" }],
  ["its dot folder", { "package.json": '{"main":".output/a.js"}', ".output/a.js": "x" }],
  ["dot files, and one that prepare makes", { "package.json": '{"main":".next/a.js"}', ".env.example": "" }],
  ["an odd package.json", { "package.json": "{" }],
])("one with %s is not", async (_, files) => {
  const root = makeTree({ ...files, "bin/run": "#!/bin/sh\n" });
  chmodSync(join(root, "bin/run"), 0o755);
  expect(await warnings(root)).toEqual([]);
});
