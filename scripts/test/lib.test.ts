import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { listFiles, treeDigest } from "../lib/files.ts";
import { inPool } from "../lib/pool.ts";
import { run } from "../lib/run.ts";
import { which } from "../lib/which.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "deploy-lib-"));
  mkdirSync(join(folder, "b"));
  writeFileSync(join(folder, "b", "x"), "1");
  writeFileSync(join(folder, "a"), "2");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("files", () => {
  test("are listed in one order", () => {
    expect(listFiles(folder)).toEqual(["a", "b/x"]);
    expect(listFiles(join(folder, "none"))).toEqual([]);
  });

  test("have one digest, which names and bytes change", () => {
    const before = treeDigest(folder);
    expect(treeDigest(folder)).toBe(before);
    writeFileSync(join(folder, "a"), "3");
    expect(treeDigest(folder)).not.toBe(before);
  });
});

describe("inPool", () => {
  test("does everything, at most so many at once, and tells the first failure at the end", async () => {
    const done: number[] = [];
    let open = 0;
    let most = 0;
    const all = inPool(2, [1, 2, 3, 4, 5], async (item) => {
      most = Math.max(most, ++open);
      await Promise.resolve();
      open -= 1;
      if (item === 2) throw new Error("two");
      done.push(item);
    });
    await expect(all).rejects.toThrow("two");
    expect({ done, most }).toEqual({ done: [1, 3, 4, 5], most: 2 });
  });
});

describe("run", () => {
  test("gives code and output, and never rejects", async () => {
    expect(await run("sh", ["-c", "echo out; echo err >&2; exit 3"])).toEqual({
      code: 3,
      output: "out\nerr\n",
    });
    expect(await run("sh", ["-c", "kill -9 $$"])).toEqual({ code: -1, output: "" });
    expect((await run(join(folder, "none"), [])).code).toBe(-1);
  });

  test("writes into a file, and does not wait for what outlives the program", async () => {
    const file = join(folder, "log");
    const ran = await run("sh", ["-c", "echo out; echo err >&2; sleep 60 & echo $!"], { file });
    const [out, err, pid] = readFileSync(file, "utf8").split("\n");
    process.kill(Number(pid));
    expect([ran, out, err]).toEqual([{ code: 0, output: "" }, "out", "err"]);
  });
});

test("which finds programs by name, and only those that can run", () => {
  expect(which("sh")).toMatch(/\/sh$/);
  expect(which("no-such-program-anywhere")).toBeUndefined();
});
