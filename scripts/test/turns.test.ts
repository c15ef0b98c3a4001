import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { root } from "../lib/root.ts";
import { resting, taking } from "../lib/turns.ts";

test("every file of a row is there, once", () => {
  expect(taking.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  expect(new Set(taking).size).toBe(taking.length);
});

test("of ten days that follow, every file has its turn", () => {
  const days = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((day) => new Set(resting(20_000 + day, "")));
  expect(taking.filter((path) => days.every((rest) => rest.has(`/${path}`)))).toEqual([]);
});

test("nothing rests where all is asked for", () => {
  expect(resting(20_000, "all")).toEqual([]);
});
