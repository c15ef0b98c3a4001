import { expect, test } from "@jest/globals";
import { progressLines } from "../src/index.ts";

test("a line when so much time went by since the last, and none in between", () => {
  let clock = 0;
  const lines: string[] = [];
  const tell = progressLines(
    (line) => lines.push(line),
    10_000,
    () => clock,
  );
  for (const [at, done] of [
    [9_999, 1],
    [10_000, 2],
    [19_999, 3],
    [20_000, 4],
  ] as const) {
    clock = at;
    tell({ phase: "verify", done: done * 1_048_576, total: 0, rate: 0 });
  }
  expect(lines).toEqual(["Read back 2.1 MB", "Read back 4.2 MB"]);
});
