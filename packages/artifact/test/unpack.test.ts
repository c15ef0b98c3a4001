import { mkdtempSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { unpackFolder } from "../src/index.ts";
import { makeTree, pack } from "./tree.ts";

const tree = {
  "public/assets/app.css": "a{}",
  "public/assets/deep/er/x.js": "x".repeat(5000),
  "public/assets/link": "-> app.css",
  "public/assetsish": "no",
  "public/index.html": "no",
};
const folder = () => mkdtempSync(join(tmpdir(), "deploy-unpack-"));
const listed = (path: string) =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
    .sort();

describe("unpackFolder", () => {
  test("brings exactly the files of that folder, byte for byte", async () => {
    const { directory } = await pack(makeTree(tree));
    const to = folder();
    expect(await unpackFolder(directory, "public/assets", to)).toBe(2);
    expect(listed(to)).toEqual(["app.css", "deep/er/x.js"]);
    expect(readFileSync(join(to, "deep/er/x.js"), "utf8")).toBe(tree["public/assets/deep/er/x.js"]);
  });

  test("a folder that the release does not have", async () => {
    const { directory } = await pack(makeTree(tree));
    await expect(unpackFolder(directory, "nowhere", folder())).rejects.toMatchObject({
      problem: { code: "source-missing", message: "The packed release has no file below nowhere" },
    });
  });

  test("nothing is taken from a damaged artifact", async () => {
    const { directory } = await pack(makeTree(tree));
    truncateSync(join(directory, "release.tar.gz"), 120);
    await expect(unpackFolder(directory, "public/assets", folder())).rejects.toMatchObject({
      problem: { code: "artifact-damaged" },
    });
    writeFileSync(join(directory, "manifest"), "f\t644\t1\t00\tx\n");
    await expect(unpackFolder(directory, "public/assets", folder())).rejects.toMatchObject({
      problem: { code: "artifact-damaged" },
    });
  });
});
