import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { parseExclude } from "../src/exclude.ts";
import { walk } from "../src/walk.ts";

// git reads no configuration but the repository's own, which is empty.
const env = {
  PATH: process.env.PATH,
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CEILING_DIRECTORIES: "/",
};

function plant(files: readonly string[]): string {
  const root = mkdtempSync(join(tmpdir(), "artifact-"));
  execFileSync("git", ["init", "-q", root], { env });
  for (const path of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), "");
  }
  return root;
}

/** What we would send of a tree, and what git would not ignore of it. */
async function both(root: string, patterns: readonly string[]) {
  writeFileSync(join(root, ".git/info/exclude"), patterns.map((pattern) => `${pattern}\n`).join(""));
  const { found } = await walk(root, parseExclude(patterns, []));
  const files = found.flatMap(({ type, path }) => (type === "file" ? [path] : [])).sort();
  const options = [
    "-c",
    "core.ignoreCase=false",
    "-C",
    root,
    "ls-files",
    "-z",
    "--others",
    "--exclude-standard",
  ];
  const kept = execFileSync("git", options, { encoding: "utf8", env }).split("\0").slice(0, -1).sort();
  return { files, kept };
}

// biome-ignore format: a list of names
const paths = [
  "a", "b", "ab", "abc", "a.js", "b.js", "A.js", ".hidden", "a b", "a ", "#a", "!a", "[a]", "a*", "é", "日本/é", "-a",
  "a-b", "a]b", "d/a", "d/b", "d/a.js", "d/.hidden", "d/d/a", "d/d/a.js", "d/e/a", "d/e/f/a", "e/a", "e/d/a", "e/d/b",
  "f/d/e/a", "f/a.js", "f/abc", "D/a", "d1/a", "d12/a", "x/y/z/a", "x/y/z/b", "x/y/a", "x/a",
];

describe("one pattern, or a few that belong together, as git reads them", () => {
  let root: string;

  beforeAll(() => {
    root = plant(paths);
  });
  afterAll(() => rmSync(root, { recursive: true }));

  // biome-ignore format: a table
  const lists: readonly (readonly string[])[] = [
    ["a"], ["/a"], ["a/"], ["d/"], ["/d/"], ["d/a"], ["/d/a"], ["d/*"], ["d/**"], ["**/a"], ["**/d/a"], ["d/**/a"],
    ["**"], ["*"], ["/*"], ["*/"], ["*/*"], ["**/"], ["/**"], ["/**/a"], ["a**"], ["**a"], ["x/**/z/a"],
    ["*.js"], ["/*.js"], ["d/*.js"], ["a?"], ["?.js"], ["d?/a"], ["d[0-9]/a"], ["d[!0-9]/a"], ["[ab]"], ["[a-b].js"],
    ["[!a].js"], ["[^a].js"], ["[]a]"], ["a[]]b"], ["[[]a]"], ["\\[a\\]"], ["\\a"], ["a\\*"], ["\\#a"], ["\\!a"], ["#a"],
    ["a "], ["a\\ "], ["a b"], ["a\\ b"], [" a"], [""], ["   "], ["\ta"], ["é"], ["日本"], ["日*"], [".*"], [".hidden"], ["-a"],
    ["*", "!a"], ["*", "!*/", "!a"], ["*", "!d/", "!d/a"], ["/*", "!/d"], ["/*", "!/d/", "/d/*", "!/d/d/"], ["d/", "!d/a"],
    ["d/*", "!d/a"], ["d/**", "!d/d/", "!d/d/a"], ["a", "!/a"], ["!a"], ["a", "!a", "a"], ["*.js", "!/d/*.js"], ["**/d/**", "!**/a"],
    ["/"], ["//"], ["./a"], ["../a"], ["a//"], ["d//a"], ["[a"], ["a]"], ["[]"], ["[!]"], ["[b-a]"], ["a\\"], ["[[:alpha:]]"],
    ["{a,b}"], ["a|b"], ["a+"], ["(a)"], ["^a"], ["a$"], ["."], [".."], ["d/."], ["***"], ["d/***"], ["**/**/a"], ["!"], ["!/"],
  ];

  test.each(lists.map((patterns) => [patterns]))("%j", async (patterns) => {
    const { files, kept } = await both(root, patterns);
    expect(files).toEqual(kept);
  });

  // Nor is `d**/a` in these tables: git reads it as `d/**/a`, against its own manual.
  test.each<[string, readonly string[]]>([
    ["?", ["é", "日本/é"]],
    ["日?", ["日本/é"]],
  ])("where git looks at bytes: %j, and %j", async (pattern, expected) => {
    const { files, kept } = await both(root, [pattern]);
    const differing = [...files, ...kept].filter((path) => files.includes(path) !== kept.includes(path));
    expect(differing).toEqual(expected);
  });

  test("lists of patterns put together at random", async () => {
    const next = dice(7);
    const pick = <T>(from: readonly T[]): T => from[next() % from.length] as T;
    const pieces = ["a", "b", "d", "e", "*", "?", "[ab]", "[!a]", "*.js", "d*", "**", "x"];
    for (let round = 0; round < 60; round++) {
      const patterns = Array.from({ length: 1 + (next() % 5) }, () => {
        const parts = Array.from({ length: 1 + (next() % 3) }, () => pick(pieces));
        return `${pick(["", "", "", "!"])}${pick(["", "", "/"])}${parts.join("/")}${pick(["", "", "/"])}`;
      });
      const { files, kept } = await both(root, patterns);
      expect({ patterns, files: files.filter(plain) }).toEqual({ patterns, files: kept.filter(plain) });
    }
  });
});

/** Without the names that git sees as bytes. */
const plain = (path: string) => /^[ -~]*$/.test(path);

/** Numbers that look random, the same in each run (Numerical Recipes' LCG). */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state >>> 16;
  };
}
