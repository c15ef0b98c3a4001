import { expect, test } from "@jest/globals";
import { largestFiles, sizeRows } from "../../src/report/sizes.ts";
import { changeWords } from "../../src/report/words.ts";
import { before, file, index, indexWith } from "./fixtures.ts";

test("a row for each kind, without siblings and source maps", () => {
  expect(sizeRows(index)).toEqual([
    { label: "CSS", files: 2, before: 32_768, after: 21_504, gzip: 5632, brotli: 4496 },
    { label: "Images", files: 1, before: 1_048_576, after: 1_048_576 },
    { label: "Total", files: 3, before: 1_081_344, after: 1_070_080, gzip: 1_054_208, brotli: 1_053_072 },
  ]);
});

test("compared with the last release, kinds that are gone have a row too", () => {
  expect(sizeRows(index, before).map(({ label, after, last }) => [label, after, last])).toEqual([
    ["CSS", 21_504, 20_480],
    ["JavaScript", 0, 2048],
    ["Images", 1_048_576, 1_048_576],
    ["Total", 1_070_080, 1_071_104],
  ]);
});

test("one kind needs no total, no file no row", () => {
  expect(sizeRows(indexWith(file("a.css", { size: 1, before: 1 })))).toHaveLength(1);
  expect(sizeRows(indexWith())).toEqual([]);
});

test("the largest ten, the larger first, then by name", () => {
  const many = Array.from({ length: 12 }, (_, number) =>
    file(`${String(11 - number).padStart(2, "0")}.css`, { size: 5 }),
  );
  const largest = largestFiles(indexWith(...many, file("big.js", { size: 9 })));
  expect(largest.map(({ path }) => path)).toEqual(
    ["big.js", ..."012345678"].map((name) => (name.length > 1 ? name : `0${name}.css`)),
  );
});

test.each([
  [1000, 1000, "same"],
  [1000, 0, "new"],
  [0, 1000, "gone"],
  [0, 0, "same"],
  [3072, 2048, "+1.0 kB (+50.0 %)"],
  [2048, 3072, "−1.0 kB (−33.3 %)"],
  [1_000_001, 1_000_000, "+1 B (<0.1 %)"],
])("%i after %i is %j", (after, last, words) => {
  expect(changeWords({ after, last })).toBe(words);
});
