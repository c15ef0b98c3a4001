import { chmodSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { hostTree } from "../src/tree.ts";
import { testFolder } from "./folder.ts";

const folder = testFolder();

test("hostTree shows all that lies in a folder", () => {
  mkdirSync(join(folder, "a/b"), { recursive: true });
  chmodSync(join(folder, "a"), 0o750);
  chmodSync(join(folder, "a/b"), 0o755);
  writeFileSync(join(folder, "a/b/c"), "hello");
  chmodSync(join(folder, "a/b/c"), 0o640);
  symlinkSync("../nowhere", join(folder, "a/z"));
  const sha256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
  const file = { path: "a/b/c", type: "file", mode: "640", size: 5, sha256 };
  expect(hostTree(folder)).toEqual([
    { path: "a", type: "directory", mode: "750" },
    { path: "a/b", type: "directory", mode: "755" },
    file,
    { path: "a/z", type: "link", mode: "777", target: "../nowhere" },
  ]);
  utimesSync(join(folder, "a/b/c"), 7, 7);
  expect(hostTree(join(folder, "a/b"), { mtime: true })).toEqual([{ ...file, path: "c", mtime: 7000 }]);
});
