import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { Contents } from "../src/contents.ts";
import { parseExclude } from "../src/exclude.ts";
import { sha256 } from "../src/manifest.ts";
import { walk } from "../src/walk.ts";
import { bytes, makeTree, pack, refusals, temporary } from "./tree.ts";

const many = Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`d${at % 7}/f${at}`, `text ${at}`]));
const sizes = { empty: "", edge: "e".repeat(256 * 1024), over: "o".repeat(256 * 1024 + 1), last: "l" };

async function contentsOf(root: string, room?: number) {
  const { found } = await walk(root, parseExclude([], []));
  const files = found.filter((one) => one.type === "file");
  return { files, contents: new Contents(root, files, room) };
}

/** Reads all of it twice; `between` what happens after the first time. */
async function readTwice(root: string, room: number | undefined, between = () => {}) {
  const { files, contents } = await contentsOf(root, room);
  const hashes = await contents.hashes(() => false);
  between();
  const read: Record<string, string> = {};
  for (const [at, { path, mode, stats }] of files.entries()) {
    const entry = { type: "file", path, mode, size: stats.size, sha256: hashes[at] ?? "" } as const;
    read[path] = String(await bytes(contents.again(entry)));
    expect(sha256(read[path])).toBe(hashes[at]);
  }
  return read;
}

test.each([undefined, 0, 900])("with room for %s bytes, each file is its own bytes twice", async (room) => {
  const tree = { ...many, ...sizes };
  expect(await readTwice(makeTree(tree), room)).toEqual(tree);
});

test.each([
  ["kept", undefined, "d3/f150"],
  ["read ahead", 0, "d3/f150"],
  ["streamed", 0, "over"],
])("a file that was %s and changes before it is sent is named", async (_, room, path) => {
  const root = makeTree({ ...many, ...sizes });
  const change = () => writeFileSync(join(root, path), "x".repeat(9));
  expect(await refusals(readTwice(root, room, change))).toEqual([`source-changed ${path}`]);
});

test("of many that are read at once, the one that is gone is named", async () => {
  const root = makeTree(many);
  const { files, contents } = await contentsOf(root);
  const last = files.at(-1)?.path ?? "";
  const hashing = contents.hashes((path) => {
    if (path === files[0]?.path) rmSync(join(root, last));
    return false;
  });
  expect(await refusals(hashing)).toEqual([`source-changed ${last}`]);
});

test("the bytes are those that every version made", async () => {
  const long = `${"d".repeat(60)}/${"e".repeat(60)}`;
  const odd = { [`${long}/x`]: "1", "-rf": "2", "$(id) ; '\"*": "3", "🚀": "4", "a/": "", link: "-> last" };
  const { artifact } = await pack(makeTree({ ...many, ...sizes, ...odd }));
  expect(artifact).toMatchObject({
    files: 209,
    digest: "db9cfd4e8e4b1bedf8684075e8ab8ac470c9888d42cca5aba92bf8723d4856d9",
  });
});

test("thousands of files are packed where few may be open", () => {
  const names = Array.from({ length: 2_000 }, (_, at) => [`d${at % 40}/${at}`, String(at)]);
  const root = makeTree(Object.fromEntries(names));
  const script = `
    const { packArtifact } = await import(${JSON.stringify(join(import.meta.dirname, "../src/index.ts"))});
    const [, root, directory] = process.argv;
    const { artifact } = await packArtifact({ root, exclude: [], shared: [], time: 1, directory });
    console.log(artifact.files);`;
  const limited = [
    "-c",
    'ulimit -n 40 && exec "$@"',
    "sh",
    process.execPath,
    "--input-type=module",
    "-e",
    script,
  ];
  expect(execFileSync("sh", [...limited, root, temporary()], { encoding: "utf8" })).toBe("2000\n");
});
