import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hostTree, needs } from "@deploy/testkit";
import { expect, test } from "@jest/globals";
import { decodeName } from "../src/rsyncName.ts";
import { makeTree, pack, refusals, temporary } from "./tree.ts";

const env = { PATH: process.env.PATH };
const tree = {
  "app.js": "x",
  "app.map": "x",
  "lib/a.js": "x",
  "lib/a.map": "x",
  "lib/keep.map": "x",
  "lib/deep/.rsync-filter": "- *.tmp\n",
  "lib/deep/a.tmp": "x",
  "lib/deep/b": "x",
  "tmp/f": "x",
  "empty/": "",
  "log/old.log": "x",
  "ümläut\u2028 #012 [x]*": "x",
  "#134": "x",
  "-rf": "x",
  " spaced ": "x",
  link: "-> lib/a.js",
  out: "-> tmp/f",
};

/** `rules`: text by file name. What is packed, beside what rsync itself would copy. */
async function both(rules: Readonly<Record<string, string>>, exclude: readonly string[] = []) {
  const root = makeTree(tree);
  const cwd = temporary();
  for (const [name, text] of Object.entries(rules)) writeFileSync(join(cwd, name), text);
  const files = Object.keys(rules).filter((name) => !name.startsWith("nested"));
  const packed = await pack(root, { exclude, filter: { files, cwd, env } });
  const copy = temporary();
  const merges = files.map((file) => `--filter=merge ${file}`);
  execFileSync("rsync", ["-a", ...merges, `${root}/`, copy], { cwd });
  const paths = packed.manifest.split("\n").flatMap((line) => line.split("\t")[4] ?? []);
  return {
    packed: [...paths].sort(),
    copied: hostTree(copy)
      .map(({ path }) => path)
      .sort(),
  };
}

needs("rsync")("rsync's filter files", () => {
  test.each<[string, Record<string, string>]>([
    ["nothing at all", { "a.rules": "" }],
    ["exclude, comments, blank lines", { "a.rules": "# maps\n\n- *.map\n- /tmp/\n" }],
    ["include before exclude", { "a.rules": "+ keep.map\n- *.map\n" }],
    ["only one folder", { "a.rules": "+ /lib/\n+ /lib/**\n- *\n" }],
    ["several, in order", { "a.rules": "+ /lib/*.map\n", "b.rules": "- *.map\n- lib/deep\n" }],
    ["rules in the tree", { "a.rules": ": .rsync-filter\n" }],
    ["and without those files", { "a.rules": ":e .rsync-filter\n" }],
    [
      "nested files, hide and protect",
      { "a.rules": ". nested.rules\nP *.js\n", "nested.rules": "H *.log\n- tmp\n" },
    ],
    ["a file with a space and a quote", { "a 'b.rules": "- link\n- out\n- [[]x]*\n" }],
    ["names like options", { "a.rules": "- /-rf\n- /#134\n- / spaced \n" }],
  ])("%s: what rsync would copy", async (_, rules) => {
    const { packed, copied } = await both(rules);
    expect(packed).toEqual(copied);
  });

  test("exclude goes on top of it", async () => {
    const { packed, copied } = await both({ "a.rules": "- *.map\n" }, ["tmp", "!app.map"]);
    expect(packed).toEqual(copied.filter((path) => !path.startsWith("tmp")));
  });

  test("what it leaves out is not refused; what it lets through is", async () => {
    const root = makeTree({ f: "x", "odd/a\nb": "x", "odd/back\\slash": "x" });
    symlinkSync("/etc", join(root, "odd/abs"));
    execFileSync("mkfifo", [join(root, "odd/pipe")]);
    writeFileSync(Buffer.concat([Buffer.from(`${root}/odd/`), Buffer.from([0xff])]), "x");
    const cwd = temporary();
    writeFileSync(join(cwd, "rules"), "- /odd/*\n");
    const filter = { files: ["rules"], cwd, env };
    expect((await pack(root, { filter })).artifact.files).toBe(1);
    writeFileSync(join(cwd, "rules"), "- nothing\n");
    expect([...(await refusals(pack(root, { filter })))].sort()).toEqual([
      "link-refused odd/abs",
      "name-refused odd/a\\nb",
      "name-refused odd/back\\\\slash",
      "name-refused odd/\u00ff",
      "type-refused odd/pipe",
    ]);
  });

  test("nothing is left behind, nor read from anybody's home", async () => {
    const home = makeTree({ ".popt": "rsync alias -r --delete\n" });
    const root = makeTree({ f: "x" });
    const cwd = makeTree({ rules: "- x\n" });
    await pack(root, { filter: { files: ["rules"], cwd, env: { ...env, HOME: home } } });
    expect([readdirSync(root), readdirSync(cwd)]).toEqual([["f"], ["rules"]]);
  });

  test("rsync's own words about a rule it cannot read", async () => {
    const cwd = makeTree({ "bad.rules": "- fine\nbogus x\n" });
    const filter = { files: ["bad.rules"], cwd, env };
    await expect(pack(makeTree({ f: "x" }), { filter })).rejects.toMatchObject({
      problem: {
        code: "filter-refused",
        message: expect.stringMatching(/^rsync ended with 1: Unknown filter rule: [\s\S]*bad\.rules line 2/),
        place: { path: "bad.rules" },
      },
    });
  });
});

test("a filter file that is missing, or no file, is named", async () => {
  const cwd = temporary();
  mkdirSync(join(cwd, "folder"));
  const packing = (file: string) => pack(makeTree({ f: "x" }), { filter: { files: [file], cwd, env } });
  expect(await refusals(packing("no/rules"))).toEqual(["filter-missing no/rules"]);
  expect(await refusals(packing("folder"))).toEqual(["filter-missing folder"]);
});

test("a machine without rsync says so", async () => {
  const cwd = makeTree({ rules: "- x\n" });
  const filter = { files: ["rules"], cwd, env: { PATH: "/nonexistent" } };
  expect(await refusals(pack(makeTree({ f: "x" }), { filter }))).toEqual(["filter-tool "]);
});

test.each([
  ["lib/", "lib"],
  ["a b/c", "a b/c"],
  ["\\#303\\#274", "ü"],
  ["\\#134#012", "\\#012"],
  ["a\\#012b", "a\nb"],
  ["back\\slash", "back\\slash"],
  ["\\#377", "\ufffd"],
])("the printed name %j is %j", (printed, name) => {
  expect(decodeName(printed)).toBe(name);
});
