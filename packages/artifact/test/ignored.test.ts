import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import type { PackOptions } from "../src/index.ts";
import { makeTree, pack, temporary } from "./tree.ts";

const env = { PATH: process.env.PATH ?? "", HOME: "/nonexistent", GIT_CONFIG_NOSYSTEM: "1" };
const filter = { files: [], cwd: "/", env };

/** A desk: what is committed, what a build made, and what lies about. `kept.log` is tracked though it is ignored. */
function desk(): string {
  const root = makeTree({
    ".gitignore": "/dist/\nnode_modules/\n*.log\npublic/*\n",
    "app.js": "x",
    "app/dist/f": "no pattern's",
    "kept.log": "x",
    "dist/app.js": "x",
    "node_modules/m/index.js": "x",
    "public/build/app.css": "x",
    "public/hot": "x",
    "new file": "not added yet",
    "a\nb.log": "a name that a line cannot carry",
  });
  execFileSync("git", ["init", "-q", root], { env });
  execFileSync("git", ["-C", root, "add", "-f", ".gitignore", "app.js", "app", "kept.log"], { env });
  return root;
}

async function packed(root: string, options: Partial<PackOptions>): Promise<[readonly string[], string]> {
  let note = "";
  const onNote = (text: string): void => {
    note = text;
  };
  const { manifest } = await pack(root, { filter, exclude: ["/new file"], onNote, ...options });
  return [
    manifest
      .split("\n")
      .flatMap((line) => line.split("\t")[4] ?? [])
      .sort(),
    note,
  ];
}

test("what git ignores is left out, told of, and not even looked at", async () => {
  const [paths, note] = await packed(desk(), { gitIgnored: { leave: true, built: [] } });
  expect(paths).toEqual([".gitignore", "app", "app.js", "app/dist", "app/dist/f", "kept.log"]);
  expect(note).toBe(
    "4 paths that git ignores are left out: a b.log, dist/, node_modules/ and public/. " +
      "What belongs into the release all the same: `built`",
  );
});

test("what is built is packed, and nothing else of its folders", async () => {
  const gitIgnored = { leave: true, built: ["dist", "public/build"] };
  const [paths, note] = await packed(desk(), { gitIgnored });
  expect(paths).toEqual(expect.arrayContaining(["dist/app.js", "public/build/app.css", "kept.log"]));
  expect(paths).not.toEqual(expect.arrayContaining(["public/hot"]));
  expect(note).toContain("3 paths that git ignores are left out");
});

test("where a build may have made it, it is packed and told of; what `exclude` leaves out is not", async () => {
  const options = {
    gitIgnored: { leave: false, built: [] },
    exclude: ["node_modules", "*.log", "/new file"],
  };
  const [paths, note] = await packed(desk(), options);
  expect(paths).toEqual(expect.arrayContaining(["dist/app.js", "public/build/app.css", "public/hot"]));
  expect(note).toMatch(/^2 paths that git ignores are packed: dist\/ and public\/\. /);
});

test("a folder that git ignores is meant as a whole", async () => {
  const [paths, note] = await packed(join(desk(), "dist"), { gitIgnored: { leave: true, built: [] } });
  expect([paths, note]).toEqual([["app.js"], ""]);
});

test("without git, or outside of a repository, everything is packed", async () => {
  const gitIgnored = { leave: true, built: [] };
  for (const PATH of [env.PATH, "/nowhere"]) {
    const own = { ...env, PATH, GIT_CEILING_DIRECTORIES: "/" };
    const root = makeTree({ ".gitignore": "*.log\n", "a.log": "x" });
    const [paths] = await packed(root, {
      gitIgnored,
      filter: { ...filter, env: own },
      directory: temporary(),
    });
    expect(paths).toEqual([".gitignore", "a.log"]);
  }
});
