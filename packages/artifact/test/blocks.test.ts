import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import { blockSize, writeBlocks } from "../src/blocks.ts";
import { RandomAccess } from "../src/random.ts";
import { bytes, refusals, temporary } from "./tree.ts";

async function* pieces(data: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < data.length; at += size) yield data.subarray(at, at + size);
}

async function written(data: Buffer, size = 100_000) {
  const file = join(temporary(), "f.gz");
  const whole = createHash("sha256");
  const packed = await writeBlocks(file, pieces(data, size), whole);
  return { file, packed, whole: whole.digest("hex") };
}

describe("writeBlocks", () => {
  test.each([0, 1, blockSize - 1, blockSize, blockSize + 1, 3 * blockSize, 1_000_000])(
    "%d bytes: gzip as anybody reads it, described as it is",
    async (length) => {
      const data = randomBytes(length);
      const { file, packed, whole } = await written(data);
      const sent = readFileSync(file);
      expect(whole).toBe(createHash("sha256").update(data).digest("hex"));
      expect(gunzipSync(sent).equals(data)).toBe(true);
      expect({ ...packed, blocks: packed.blocks.length }).toEqual({
        digest: createHash("sha256").update(sent).digest("hex"),
        size: sent.length,
        blocks: Math.ceil(length / blockSize),
      });
    },
  );

  test("the same bytes, however they come in", async () => {
    const data = Buffer.from("export const a = 1;\n".repeat(50_000));
    const [one, other] = [await written(data, 7_777), await written(data, 1_000_000)];
    expect(one.packed).toEqual(other.packed);
    expect(readFileSync(one.file).equals(readFileSync(other.file))).toBe(true);
  });

  test("what the source throws is thrown, and what cannot be written is said", async () => {
    const nobody = createHash("sha256");
    const one = () => pieces(Buffer.alloc(1), 1);
    const broken = async function* () {
      yield Buffer.alloc(10);
      throw new Error("source");
    };
    await expect(writeBlocks(join(temporary(), "f"), broken(), nobody)).rejects.toThrow("source");
    await expect(writeBlocks("/dev/full", one(), nobody)).rejects.toMatchObject({
      problem: { code: "artifact-unwritable", message: '"/dev/full" cannot be written (ENOSPC)' },
    });
    expect(await refusals(writeBlocks(join(temporary(), "no/f"), one(), nobody))).toEqual([
      "artifact-unwritable ",
    ]);
  });
});

test("any stretch of it, in any order", async () => {
  const data = randomBytes(3 * blockSize + 1_000);
  const { file, packed } = await written(data);
  const access = await RandomAccess.open(file, packed.blocks);
  const stretches = [
    [0, 10],
    [blockSize - 5, 10],
    [2 * blockSize, blockSize],
    [100, 3 * blockSize],
    [data.length - 1, 1],
    [data.length, 0],
  ] as const;
  for (const [at, length] of stretches) {
    expect((await bytes(access.take(at, length))).equals(data.subarray(at, at + length))).toBe(true);
  }
  await expect(bytes(access.take(data.length - 1, 2))).rejects.toThrow("the stream ended early");
  await access.close();
});
