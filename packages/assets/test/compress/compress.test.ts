import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  brotliCompressSync,
  brotliDecompressSync,
  constants,
  gunzipSync,
  gzipSync,
  zstdDecompressSync,
} from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import { compressFiles } from "../../src/compress/compress.ts";
import { encodeBody } from "../../src/compress/encode.ts";
import { sha256 } from "../../src/fingerprint/digest.ts";
import type { BuiltFile, Encoding } from "../../src/index.ts";
import { built, temporary, write } from "../output/tree.ts";

const text = Buffer.from("a { color: red }\n".repeat(200));
const all: readonly Encoding[] = ["gzip", "br", "zstd"];

/** A file whose reading is counted. */
function counted(path: string, bytes: Uint8Array) {
  const file = { path, size: bytes.length, sha256: sha256(bytes), reads: 0 };
  return Object.assign(file, {
    read: async () => {
      file.reads += 1;
      return bytes;
    },
  });
}

describe("bodies", () => {
  test("each unpacks to the same bytes", async () => {
    const [gzip, br, zstd] = await Promise.all(all.map((each) => encodeBody(text, each)));
    expect(gunzipSync(gzip ?? "")).toEqual(text);
    expect(brotliDecompressSync(br ?? "")).toEqual(text);
    expect(zstdDecompressSync(zstd ?? "")).toEqual(text);
  });

  test("gzip has no time, no name, and one system for all machines", async () => {
    const body = Buffer.from(await encodeBody(text, "gzip"));
    expect([...body.subarray(0, 10)]).toEqual([31, 139, 8, 0, 0, 0, 0, 0, 2, 3]);
  });
});

describe("compressFiles", () => {
  test("sizes for what compresses; bodies only where asked for and smaller", async () => {
    const files = [counted("a.css", text), counted("b.png", text), counted("c.js", Buffer.from("1"))];
    const found = await compressFiles(files, ["br"], {});
    expect([...found.keys()]).toEqual(["a.css", "c.js"]);
    expect(found.get("a.css")?.bodies.map(({ encoding, body }) => [encoding, body.length])).toEqual([
      ["br", found.get("a.css")?.brotli],
    ]);
    expect(found.get("c.js")?.bodies).toEqual([]);
  });

  test("the table's sizes are those of a server's own compression, not of the slow best", async () => {
    const words = Buffer.from(
      Array.from({ length: 3000 }, (_, n) => `.c${(n * 7919) % 997}{top:${n}px}`).join(""),
    );
    const found = await compressFiles([counted("a.css", words)], [], {});
    const quality = { [constants.BROTLI_PARAM_QUALITY]: 5 };
    expect(found.get("a.css")).toEqual({
      ...{ gzip: gzipSync(words, { level: 6 }).length, bodies: [] },
      brotli: brotliCompressSync(words, { params: quality }).length,
    });
  });

  test("with a cache nothing is read a second time, and what is not asked for is dropped", async () => {
    const cache = temporary();
    const [one, two] = [counted("a.css", text), counted("b.css", Buffer.from(`${text}b`))];
    const first = await compressFiles([one, two], all, { cache });
    expect(readdirSync(cache)).toHaveLength(7);
    expect(await compressFiles([one, two], all, { cache })).toEqual(first);
    expect([one.reads, two.reads]).toEqual([1, 1]);
    for (let again = 0; again < 2; again += 1) await compressFiles([one], [], { cache });
    expect(one.reads).toBe(2);
    expect(readdirSync(cache).every((name) => name.startsWith(one.sha256) || name === "table.json")).toBe(
      true,
    );
  });

  test("a damaged cache costs time only", async () => {
    const cache = temporary();
    const file = counted("a.css", text);
    const good = await compressFiles([file], all, { cache });
    const estimated = await compressFiles([file], [], {});
    writeFileSync(join(cache, `${file.sha256}.br`), "evil");
    expect(await compressFiles([file], all, { cache })).toEqual(good);
    for (const table of [
      "{",
      "[]",
      '{"made":1}',
      readFileSync(join(cache, "table.json"), "utf8").replace(/"size":\d+/g, '"size":"x"'),
    ]) {
      writeFileSync(join(cache, "table.json"), table);
      expect(await compressFiles([file], [], { cache })).toEqual(estimated);
    }
    mkdirSync(join(cache, "stray"));
    await compressFiles([file], [], { cache });
    expect(readdirSync(cache)).toEqual(["table.json"]);
  });
});

test("siblings are written beside their file, as files of the index", async () => {
  const { index, output } = await write({ "a.css": text.toString(), "b.css": "b" }, { precompress: all });
  const css = index.files.find((file) => file.logical === "a.css");
  const siblings = index.files.filter((file) => file.encoding !== undefined);
  expect(
    siblings.map(({ logical, path, encoding, contentType, immutable, size }) => ({
      logical,
      path,
      encoding,
      contentType,
      immutable,
      smaller: size < text.length,
    })),
  ).toEqual(
    [
      ["a.css.br", ".br", "br"],
      ["a.css.gz", ".gz", "gzip"],
      ["a.css.zst", ".zst", "zstd"],
    ].map(([logical, suffix, encoding]) => ({
      logical,
      path: `${css?.path}${suffix}`,
      encoding,
      contentType: "text/css; charset=utf-8",
      immutable: true,
      smaller: true,
    })),
  );
  expect([css?.gzip, css?.brotli]).toEqual([siblings[1]?.size, siblings[0]?.size]);
  expect(brotliDecompressSync(readFileSync(join(output, `${css?.path}.br`)))).toEqual(text);
  expect(siblings.map((file) => [file.gzip, file.brotli])).toEqual(Array(3).fill([undefined, undefined]));
});

/** A file that is copied, of any bytes. */
function copied(path: string, bytes: Uint8Array): BuiltFile {
  return { ...built(path, ""), before: bytes.length, contents: { kind: "bytes", bytes } };
}

test("siblings that came with the tree stay beside their file, and only where they are that file", async () => {
  const own = gzipSync(text, { level: 1 });
  const files = [
    copied("a.css", text),
    copied("a.css.gz", own),
    copied("b.js", Buffer.from("b".repeat(200))),
    copied("b.js.br", brotliCompressSync(Buffer.from("another"))),
    copied("data.tar.gz", own),
  ];
  const { index, output, warnings } = await write(files, { precompress: ["gzip", "br"] });
  const css = index.files.find(({ logical }) => logical === "a.css");
  const sibling = index.files.find(({ logical }) => logical === "a.css.gz");
  expect(sibling).toMatchObject({ path: `${css?.path}.gz`, encoding: "gzip", contentType: css?.contentType });
  expect(readFileSync(join(output, `${css?.path}.gz`))).toEqual(own);
  expect(index.files.find(({ logical }) => logical === "data.tar.gz")?.encoding).toBeUndefined();
  const made = index.files.find(({ logical }) => logical === "b.js.br");
  expect(brotliDecompressSync(readFileSync(join(output, made?.path ?? ""))).length).toBe(200);
  expect(warnings).toEqual(["b.js.br: It is left out: unpacked it is not b.js as that is written"]);
});
