import { execFileSync } from "node:child_process";
import { chmodSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { broken, checkStats } from "../src/refusals.ts";
import { makeTree, pack, refusals, temporary } from "./tree.ts";

const names = (manifest: string) => manifest.split("\n").flatMap((line) => line.split("\t")[4] ?? []);

describe("what is no file, folder or link", () => {
  test("fifos and sockets are refused by name, or left out", async () => {
    const root = makeTree({ f: "x", "d/": "" });
    execFileSync("mkfifo", [join(root, "d/pipe")]);
    const server = createServer();
    await new Promise<void>((listening) => server.listen(join(root, "d/socket"), listening));
    expect([...(await refusals(pack(root)))].sort()).toEqual([
      "type-refused d/pipe",
      "type-refused d/socket",
    ]);
    expect(names((await pack(root, { exclude: ["pipe", "socket"] })).manifest)).toEqual(["d", "f"]);
    await new Promise((closed) => server.close(closed));
  });

  test("so are devices", () => {
    const device = { isFile: () => false, isDirectory: () => false, isSymbolicLink: () => false };
    const stats = { ...device, isFIFO: () => false, isSocket: () => false } as never;
    expect(checkStats("dev/null", stats)).toMatchObject({
      code: "type-refused",
      message: "It is a device, which a release cannot hold",
      place: { path: "dev/null" },
    });
  });
});

test.each([
  ["setuid", 0o4755],
  ["setgid", 0o2755],
  ["sticky", 0o1755],
])("%s on a file or a folder", async (_, mode) => {
  const root = makeTree({ f: "x", "d/g": "x" });
  for (const path of ["f", "d"]) chmodSync(join(root, path), mode);
  expect([...(await refusals(pack(root)))].sort()).toEqual(["mode-refused d", "mode-refused f"]);
});

test.each(["a\tb", "a\nb", "a\u007fb", "a\u0085b", "a\u0001", "back\\slash"])("the name %j", async (name) => {
  const shown = JSON.stringify(name).slice(1, -1);
  expect(await refusals(pack(makeTree({ [name]: "x", f: "x" })))).toEqual([`name-refused ${shown}`]);
});

test("a name that is not UTF-8 is refused, unless it is left out", async () => {
  const root = makeTree({ "d/f": "x" });
  const strange = Buffer.concat([Buffer.from(`${root}/d/odd`), Buffer.from([0xff, 0xfe])]);
  writeFileSync(strange, "x");
  expect(await refusals(pack(root))).toEqual(["name-refused d/odd\u00ff\u00fe"]);
  expect(names((await pack(root, { exclude: ["odd*"] })).manifest)).toEqual(["d", "d/f"]);
});

test.each([
  ["absolute", "/etc/passwd"],
  ["absolute, into the tree itself", "ROOT/f"],
  ["climbing", "../../etc/passwd"],
  ["climbing out and back in", "../NAME/f"],
  ["with a newline", "f\ng"],
])("a link that is %s", async (_, target) => {
  const root = makeTree({ f: "x" });
  const text = target.replace("ROOT", root).replace("NAME", root.split("/").at(-1) ?? "");
  symlinkSync(text, join(root, "link"));
  expect(await refusals(pack(root))).toEqual(["link-refused link"]);
});

test("a file that no tar entry holds is refused before it is read", async () => {
  const root = makeTree({ big: "", f: "x" });
  truncateSync(join(root, "big"), 8 * 2 ** 30);
  expect(await refusals(pack(root))).toEqual(["file-too-large big"]);
});

test.each([
  ["EACCES", "source-unreadable"],
  ["ENOENT", "source-changed"],
])("a read that fails with %s is %s", (code, expected) => {
  const problem = expect.objectContaining({ code: expected, place: { path: "a" } });
  expect(() => broken("a", { code })).toThrow(expect.objectContaining({ problem }));
});

test("REVISION is refused at the top, as whatever it is", async () => {
  expect(await refusals(pack(makeTree({ "REVISION/f": "x", f: "x" })))).toEqual([
    "revision-refused REVISION",
  ]);
  expect(await refusals(pack(makeTree({ REVISION: "-> f", f: "x" })))).toEqual(["revision-refused REVISION"]);
});

test("git's and our own files are never sent, whatever is re-included", async () => {
  const root = makeTree({
    ".git/config": "x",
    ".deploy/lock/state": "x",
    "sub/.git": "x",
    "sub/.deploy": "x",
  });
  // Another way to the same folder, as /tmp is on some machines.
  const link = join(temporary(), "link");
  symlinkSync(root, link);
  const options = { exclude: ["!.git", "!.deploy", "!out"], directory: join(link, "out") };
  const packed = await pack(root, options);
  expect(names(packed.manifest)).toEqual(["sub", "sub/.deploy"]);
});
