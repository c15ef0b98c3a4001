import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { makeTree, pack, refusals } from "./tree.ts";

const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${"0a".repeat(32)}\nsize 4242\n`;

test("what git keeps elsewhere and nobody fetched stops the pack, by name", async () => {
  const root = makeTree({
    "public/logo.png": pointer,
    "node_modules/x/test.bin": pointer,
    "docs/lfs.md": `A pointer:\n${pointer}`,
    ".gitmodules": '[submodule "t"]\n\tpath = vendor/theme\n\turl = x\n[submodule "u"]\n\tpath = "li b"\n',
    "li b/there": "x",
    "node_modules/.bin/": "",
  });
  mkdirSync(join(root, "vendor/theme"), { recursive: true });
  const { problem } = await pack(root).catch((error) => error);
  expect([problem.code, problem.message]).toEqual([
    "checkout-incomplete",
    "The checkout holds pointers of Git LFS, not the files: public/logo.png; submodules without their files: vendor/theme",
  ]);
  expect(await refusals(pack(root, { exclude: ["public", "vendor"] }))).toEqual([]);
  writeFileSync(join(root, "vendor/theme/index.js"), "1");
  rmSync(join(root, "public"), { recursive: true });
  expect(await refusals(pack(root))).toEqual([]);
});
