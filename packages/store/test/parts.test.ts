import { streamOf } from "@deploy/testkit";
import { describe, expect, test } from "@jest/globals";
import { Budget } from "../src/s3/budget.ts";
import { firstPartSize, partSize, streamParts } from "../src/s3/parts.ts";
import { usualTuning } from "../src/s3/tuning.ts";

const mebibyte = 1 << 20;

describe("part sizes", () => {
  test.each([
    ["nothing known", 0, 8],
    ["20 MiB", 20 * mebibyte, 8],
    ["what 9,000 parts of 8 MiB hold", 9000 * 8 * mebibyte, 8],
    ["a byte more", 9000 * 8 * mebibyte + 1, 9],
    ["1 TiB", 2 ** 40, 117],
    ["more than 5 GiB parts hold", 2 ** 50, 5 * 1024],
  ])("%s", (_, estimate, parts) => {
    expect(firstPartSize(estimate, usualTuning) / mebibyte).toBe(parts);
  });

  test("a stream whose estimate is wrong by any factor ends before part 10,001", () => {
    const largest = 5 * 2 ** 40; // S3's largest object
    for (const estimate of [0, 2 ** 30, 2 ** 36]) {
      const first = firstPartSize(estimate, usualTuning);
      let [number, size] = [0, 0];
      while (size < largest) size += partSize(++number, first, usualTuning);
      expect(number).toBeLessThan(10_001);
    }
  });

  test("parts double every thousand", () => {
    const numbers = [1, 1000, 1001, 2000, 2001, 10_000];
    const sizes = numbers.map((number) => partSize(number, 8 * mebibyte, usualTuning) / mebibyte);
    expect(sizes).toEqual([8, 8, 16, 16, 32, 4096]);
  });
});

describe("streamParts", () => {
  const tuning = { ...usualTuning, part: 1 << 20 };
  const cut = (memory: Budget) => ({ tuning, memory, size: 0 });

  async function sizesOf(chunks: readonly Uint8Array[]): Promise<(readonly [number, boolean])[]> {
    const sizes: (readonly [number, boolean])[] = [];
    for await (const { bytes, last, free } of streamParts(streamOf(chunks), cut(new Budget(1)))) {
      sizes.push([bytes.length, last]);
      free();
    }
    return sizes;
  }

  test.each([
    ["nothing", [], [[0, true]]],
    ["empty chunks", [0, 0], [[0, true]]],
    ["less than a part", [10], [[10, true]]],
    ["exactly a part", [mebibyte], [[mebibyte, true]]],
    [
      "a part and a byte",
      [mebibyte, 1],
      [
        [mebibyte, false],
        [1, true],
      ],
    ],
    [
      "one chunk of two parts",
      [2 * mebibyte],
      [
        [mebibyte, false],
        [mebibyte, true],
      ],
    ],
    [
      "chunks across parts",
      [mebibyte - 1, 2, mebibyte],
      [
        [mebibyte, false],
        [mebibyte, false],
        [1, true],
      ],
    ],
  ])("cuts %s", async (_, chunks, parts) => {
    expect(await sizesOf(chunks.map((size) => Buffer.alloc(size)))).toEqual(parts);
  });

  test("bytes keep their order across parts", async () => {
    const whole = Buffer.from(Array.from({ length: 2_500_000 }, (_, index) => index % 251));
    const chunks = Array.from({ length: 25 }, (_, index) =>
      whole.subarray(index * 100_000, (index + 1) * 100_000),
    );
    const got: Buffer[] = [];
    for await (const { bytes, free } of streamParts(streamOf(chunks), cut(new Budget(mebibyte)))) {
      got.push(Buffer.from(bytes));
      free();
    }
    expect(Buffer.concat(got).equals(whole)).toBe(true);
  });
});

describe("Budget", () => {
  test("first come, first served; what is too large waits to be alone", async () => {
    const budget = new Budget(10);
    const order: string[] = [];
    const take = (name: string, size: number) => budget.take(size).then(() => order.push(name));
    await take("a", 6);
    const waiting = [take("b", 5), take("c", 1), take("huge", 100), take("d", 1)];
    const seen = async () => {
      await new Promise((tick) => setImmediate(tick));
      return order.join(" ");
    };
    const steps = [await seen()];
    for (const size of [6, 5, 1, 100]) {
      budget.give(size);
      steps.push(await seen());
    }
    await Promise.all(waiting);
    expect(steps).toEqual(["a", "a b c", "a b c", "a b c huge", "a b c huge d"]);
  });
});
