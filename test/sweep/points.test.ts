import { describe, expect, test } from "@jest/globals";
import { everyPoint, samplePoints } from "./points.ts";

const operations = ["connect", "connect", "probe", "connect", "flip"];

describe("samplePoints", () => {
  test("has one point of each second kind, before one operation and after the next", () => {
    expect([0, 1, 2].map((seed) => samplePoints(operations, seed))).toEqual([
      [
        { at: 1, when: "before" },
        { at: 5, when: "before" },
      ],
      [{ at: 3, when: "after" }],
      [
        { at: 1, when: "after" },
        { at: 5, when: "after" },
      ],
    ]);
  });

  test("has had every point after some seeds", () => {
    const had = new Set(
      Array.from({ length: 12 }, (_, seed) => seed).flatMap((seed) =>
        samplePoints(operations, seed).map((point) => JSON.stringify(point)),
      ),
    );
    expect([...had].sort()).toEqual(
      everyPoint(operations)
        .map((point) => JSON.stringify(point))
        .sort(),
    );
  });
});
