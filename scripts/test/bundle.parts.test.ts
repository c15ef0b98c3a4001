import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { bundle } from "../build/bundle.ts";
import { listFiles, treeDigest } from "../lib/files.ts";
import { root } from "../lib/root.ts";
import { runNode } from "../lib/run.ts";

let folder: string;
beforeAll(() => {
  mkdirSync(join(root, "build"), { recursive: true });
  folder = mkdtempSync(join(root, "build", "bundle-test-"));
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(join(root, "packages/action-kit/node_modules/@actions"), join(folder, "node_modules/@actions"));
  symlinkSync(join(root, "node_modules/ssh2"), join(folder, "node_modules/ssh2"));
  writeFileSync(
    join(folder, "main.js"),
    `import { getInput, info } from "@actions/core";
import ssh2 from "ssh2";
info([typeof ssh2.Client, typeof ssh2.utils.parseKey, getInput("word")].join(" "));
`,
  );
  mkdirSync(join(folder, "small"));
  writeFileSync(join(folder, "small", "main.js"), 'console.log("small");\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("bundle", () => {
  test("is one ES module that runs alone, the same bytes each time and after another, with its licences", async () => {
    const main = join(folder, "main.js");
    await bundle(main, join(folder, "once"));
    await bundle(join(folder, "small", "main.js"), join(folder, "other"));
    await bundle(main, join(folder, "twice"));
    expect(listFiles(join(folder, "once"))).toEqual(["index.mjs", "licenses.txt"]);
    expect(treeDigest(join(folder, "twice"))).toBe(treeDigest(join(folder, "once")));
    const ran = await runNode(join(folder, "once", "index.mjs"), [], { cwd: "/", env: { INPUT_WORD: "hi" } });
    expect(ran).toEqual({ code: 0, output: "function function hi\n" });
  });

  test.each([
    ["imported", 'import "nowhere-to-be-found";', 'Could not resolve "nowhere-to-be-found"'],
    ["hoped for", 'try { require("nowhere") } catch {}', "cannot find nowhere"],
  ])("fails where what is %s cannot be found, instead of leaving a stub for later", async (_, code, why) => {
    const broken = join(folder, "broken.js");
    writeFileSync(broken, code);
    await expect(bundle(broken, join(folder, "out"))).rejects.toThrow(why);
  });
});
