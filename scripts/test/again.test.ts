import { describe, expect, test } from "@jest/globals";
import { builtAgain } from "../stages/release.ts";

describe("builtAgain", () => {
  const actions = ["a", "b", "c", "d", "e"];

  test("two a day, and in the end each of them", () => {
    expect([0, 1, 2, 3, 4].map((day) => builtAgain(actions, 2, day))).toEqual([
      ["a", "b"],
      ["c", "d"],
      ["e", "a"],
      ["b", "c"],
      ["d", "e"],
    ]);
  });

  test("never more than there are", () => {
    expect([builtAgain(["a"], 2, 7), builtAgain([], 2, 7)]).toEqual([["a"], []]);
  });
});
