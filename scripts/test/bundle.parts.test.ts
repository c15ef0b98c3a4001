import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { build } from "../build/build.ts";
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
  const large = `import { getInput, info } from "@actions/core";
import ssh2 from "ssh2";
info([typeof ssh2.Client, typeof ssh2.utils.parseKey, getInput("word")].join(" "));
`;
  for (const [name, text] of Object.entries({ one: large, two: large, small: 'console.log("small");\n' })) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, "main.js"), text);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Bytes of all files below. */
const sizeOf = (out: string): number =>
  listFiles(out).reduce((sum, file) => sum + statSync(join(out, file)).size, 0);

/** All that is read before a line of `file` runs. */
function loadedWith(file: string, loaded = new Set<string>()): Set<string> {
  if (loaded.has(file)) return loaded;
  loaded.add(file);
  for (const [, path = ""] of readFileSync(file, "utf8").matchAll(/^(?:import|\} from) "(\.[^"]+)";$/gm))
    loadedWith(join(dirname(file), path), loaded);
  return loaded;
}

describe("bundle", () => {
  const entryOf = (name: string) => ({ source: join(folder, name, "main.js"), folder: name });
  const runs = (out: string, name: string) =>
    runNode(join(folder, out, name, "index.mjs"), [], { cwd: "/", env: { INPUT_WORD: "hi" } });

  test("is ES modules that run alone, the same bytes each time, with their licences", async () => {
    const entries = ["one", "two", "small"].map(entryOf);
    for (const out of ["once", "twice"]) await bundle(entries, join(folder, out));
    expect(treeDigest(join(folder, "twice"))).toBe(treeDigest(join(folder, "once")));
    expect(await runs("once", "one")).toEqual({ code: 0, output: "function function hi\n" });
    expect(await runs("once", "small")).toEqual({ code: 0, output: "small\n" });
    expect(readFileSync(join(folder, "once", "licenses.txt"), "utf8")).toMatch(/^ssh2\n/m);
  });

  test("holds what two need once, and nothing of an earlier build", async () => {
    const out = join(folder, "again");
    await bundle([entryOf("one")], out);
    const alone = sizeOf(out);
    await bundle([entryOf("one"), entryOf("two")], out);
    expect(sizeOf(out)).toBeLessThan(alone * 1.1);
    expect(await runs("again", "two")).toEqual({ code: 0, output: "function function hi\n" });
    await bundle([entryOf("small")], out);
    expect(listFiles(out)).toEqual(["licenses.txt", "small/index.mjs"]);
  });

  test("an action starts with what it needs to read its inputs: no SSH, no HTTP, no cipher", async () => {
    const out = join(folder, "actions");
    const actions = ["plan", "upload", "migrate", "activate"];
    await build(actions, out);
    const tell = `process.on("exit", () => console.log(process.moduleLoadList.filter((name) => /http|undici|tls/.test(name))))`;
    const env = {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(tell)}`,
      RUNNER_TEMP: folder,
    };
    for (const action of actions) {
      const main = join(out, action, "index.mjs");
      const read = [...loadedWith(main)].map((file) => readFileSync(file, "utf8")).join("");
      expect(read.length).toBeLessThan(1_700_000);
      expect(read.match(/node_modules\/\.pnpm\/(?:ssh2|undici|@noble|tar)[^/]*/)).toBeNull();
      expect((await runNode(main, [], { cwd: folder, env })).output).toMatch(
        /config-missing[\s\S]*\n\[\]\n$/,
      );
    }
    checkCommand(out);
  });

  /** `deploy run` starts without assets and `init`; the Sass compiler, which nobody reads, comes without its indentation. */
  function checkCommand(out: string): void {
    const main = readFileSync(join(out, "cli/index.mjs"), "utf8");
    const program = join(out, "cli", /import\("(\.[^"]+\/program-[^"]+)"\)/.exec(main)?.[1] ?? "");
    const read = [...loadedWith(program)].map((file) => readFileSync(file, "utf8")).join("");
    expect(read).toContain("packages/cli/src/commands/run.ts");
    expect(
      read.match(/node_modules\/\.pnpm\/(?:htmlparser2|ssh2)|packages\/(?:assets|cli\/src\/init)/),
    ).toBeNull();
    const sass = listFiles(out).find((file) => file.includes("sass.node-")) ?? "";
    expect(readFileSync(join(out, sass), "utf8").split("\n").length).toBeLessThan(1000);
  }

  test.each([
    ["imported", 'import "nowhere-to-be-found";', 'Could not resolve "nowhere-to-be-found"'],
    ["hoped for", 'try { require("nowhere") } catch {}', "cannot find nowhere"],
  ])("fails where what is %s cannot be found, instead of leaving a stub for later", async (_, code, why) => {
    const broken = join(folder, "broken.js");
    writeFileSync(broken, code);
    await expect(bundle([{ source: broken, folder: "broken" }], join(folder, "out"))).rejects.toThrow(why);
  });
});
