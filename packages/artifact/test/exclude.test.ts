import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { parseExclude } from "../src/exclude.ts";
import { makeTree, pack } from "./tree.ts";

test.each([
  ["node_modules", "node_modules", true, true],
  ["node_modules", "packages/a/node_modules", true, true],
  ["/build", "sub/build", true, false],
  ["*.LOG", "a.log", false, false],
  ["logs/", "logs", false, false],
  ["logs/", "logs", true, true],
  ["!keep.log", "keep.log", false, false],
  ["# comment", "# comment", false, false],
  ["\\#file", "#file", false, true],
  ["a b", "a b", false, true],
])("%j and %j (folder: %j): %j", (pattern, path, isDirectory, left) => {
  expect(parseExclude([pattern], [])(path, isDirectory)).toBe(left);
});

test("literal paths are no patterns", () => {
  const leftOut = parseExclude([], ["./uploads/", "[x]"]);
  expect([
    leftOut("uploads", true),
    leftOut("a/uploads", true),
    leftOut("[x]", false),
    leftOut("x", false),
  ]).toEqual([true, false, true, false]);
});

test("a list leaves out what git would ignore", async () => {
  const patterns = [
    "*.log",
    "!important.log",
    "/dist/*",
    "!/dist/keep",
    "**/tmp",
    "doc/**/*.md",
    "cache/",
    "a?c",
    "[ab].txt",
  ];
  const root = makeTree(
    Object.fromEntries(
      [
        "a.log",
        "important.log",
        "x/b.log",
        "x/important.log",
        "dist/gone",
        "dist/keep",
        "sub/dist/kept",
        "tmp/f",
        "x/y/tmp/f",
        "doc/a.md",
        "doc/x/y/b.md",
        "doc/c.txt",
        "cache/f",
        "x/cache/f",
        "abc",
        "ac",
        "a.txt",
        "c.txt",
      ].map((path) => [path, "x"]),
    ),
  );
  const packed = await pack(root, { exclude: patterns });
  writeFileSync(join(root, ".gitignore"), patterns.join("\n"));
  const git = (...args: string[]) => execFileSync("git", args, { cwd: root, encoding: "utf8" });
  git("init", "-q");
  const expected = git("ls-files", "--others", "--exclude-standard")
    .split("\n")
    .filter((path) => path !== "" && path !== ".gitignore");
  const files = packed.manifest
    .split("\n")
    .flatMap((line) => (line.startsWith("f") ? [line.split("\t")[4]] : []));
  expect([...files].sort()).toEqual([...expected].sort());
});
