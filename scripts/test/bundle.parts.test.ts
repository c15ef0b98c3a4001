import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { bundle } from "../build/build.ts";
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
    await bundle([{ main, folder: join(folder, "once") }]);
    const small = { main: join(folder, "small", "main.js"), folder: join(folder, "other") };
    await bundle([small, { main, folder: join(folder, "twice") }]);
    expect(listFiles(join(folder, "once"))).toEqual(["index.mjs", "licenses.txt"]);
    expect(treeDigest(join(folder, "twice"))).toBe(treeDigest(join(folder, "once")));
    const ran = await runNode(join(folder, "once", "index.mjs"), [], { cwd: "/", env: { INPUT_WORD: "hi" } });
    expect(ran).toEqual({ code: 0, output: "function function hi\n" });
  });

  test("fails where something cannot be found, instead of leaving a stub for later", async () => {
    mkdirSync(join(folder, "broken"));
    writeFileSync(join(folder, "broken", "main.js"), 'import "nowhere-to-be-found";\n');
    await expect(
      bundle([{ main: join(folder, "broken", "main.js"), folder: join(folder, "out") }]),
    ).rejects.toThrow("cannot find nowhere-to-be-found");
  });
});
