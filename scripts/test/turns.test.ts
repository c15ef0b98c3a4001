import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { root } from "../lib/root.ts";
import { resting, taking } from "../lib/turns.ts";

describe.each(["fast", "parts"] as const)("%s", (kind) => {
  test("every file of a row is there, once", () => {
    expect(taking(kind).filter((path) => !existsSync(join(root, path)))).toEqual([]);
    expect(new Set(taking(kind)).size).toBe(taking(kind).length);
  });

  test("of ten days that follow, every file has its turn", () => {
    const days = Array.from({ length: 10 }, (_, day) => new Set(resting(kind, 20_000 + day, "")));
    expect(taking(kind).filter((path) => days.every((rest) => rest.has(`/${path}`)))).toEqual([]);
  });

  test("nothing rests where all is asked for", () => {
    expect(resting(kind, 20_000, "all")).toEqual([]);
  });
});
