import { DeployError, formatProblem } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";

describe("errors", () => {
  test("an error is a code, a place and a next move, on one line", () => {
    const error = new DeployError("internal", "it broke", { place: { host: "web1" } });
    expect(formatProblem(error.problem)).toBe(
      "internal · web1 · it broke. Please report it with the log of this run.",
    );
  });
});
