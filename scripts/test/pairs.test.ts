import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { paired, resting } from "../lib/pairs.ts";
import { root } from "../lib/root.ts";

test("every file of a pair is there, once", () => {
  expect(paired.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  expect(new Set(paired).size).toBe(paired.length);
});

test("of two days that follow, each file rests on one", () => {
  const both = [...resting(20_000, ""), ...resting(20_001, "")].map((path) => path.slice(1));
  expect(both.toSorted()).toEqual([...paired].toSorted());
});

test("nothing rests where all is asked for", () => {
  expect(resting(20_000, "all")).toEqual([]);
});
