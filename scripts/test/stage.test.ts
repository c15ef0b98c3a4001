import { describe, expect, test } from "@jest/globals";
import { jestVerdict } from "../stages/jest.ts";
import { smokeProblems } from "../stages/smoke.ts";
import { closingLine, failed, missing, passed, runSteps, type Stage, total } from "../stages/stage.ts";

const numbers = {
  numPassedTests: 7,
  numFailedTests: 0,
  numPendingTests: 2,
  numTodoTests: 1,
  numRuntimeErrorTestSuites: 0,
};

describe("jestVerdict", () => {
  test("counts pending and todo as skipped", () => {
    expect(jestVerdict(0, numbers, "PASS a")).toEqual({
      ...{ passed: 7, failed: 0, skipped: 3 },
      ...{ output: "", log: "PASS a", notices: [] },
    });
  });

  test("counts a file that broke before its tests", () => {
    const verdict = jestVerdict(1, { ...numbers, numFailedTests: 2, numRuntimeErrorTestSuites: 1 });
    expect(verdict.failed).toBe(3);
  });

  test("is a failure when jest says so, whatever it counted", () => {
    expect(jestVerdict(1, numbers).failed).toBe(1);
  });
});

describe("a missing part", () => {
  test("is a notice on a desk", () => {
    expect(missing("act", "install it", false)).toEqual({
      passed: 0,
      failed: 0,
      skipped: 1,
      output: "",
      notices: ["act is not installed: install it"],
    });
  });

  test("is an error in CI", () => {
    expect(missing("act", "install it", true)).toEqual(failed("act is not installed: install it"));
  });
});

describe("the closing line", () => {
  test("sums every stage", () => {
    const counts = total([passed, failed("x"), { passed: 40, failed: 0, skipped: 2 }]);
    expect(closingLine(counts)).toBe("41 passed, 1 failed, 2 skipped");
  });
});

describe("runSteps", () => {
  test("lanes side by side, steps one after the other, verdicts in order", async () => {
    const told: string[] = [];
    const begun: string[] = [];
    const open = new Map<string, () => void>();
    const stage = (name: string, ends: boolean): Stage => ({
      name,
      fast: true,
      run: async () => {
        begun.push(name);
        if (!ends) await new Promise<void>((done) => open.set(name, done));
        return { ...passed, log: name };
      },
    });
    const ran = runSteps(
      [[[stage("slow", false)], [stage("quick", true), stage("next", true)]], [[stage("last", true)]]],
      ({ name }) => {
        told.push(name);
        if (name === "next") open.get("slow")?.();
      },
    );
    expect((await ran).map(({ log }) => log)).toEqual(["slow", "quick", "next", "last"]);
    expect([begun, told]).toEqual([
      ["slow", "quick", "next", "last"],
      ["quick", "next", "slow", "last"],
    ]);
  });
});

describe("smokeProblems", () => {
  test("takes one clear error", () => {
    expect(smokeProblems(1, "::group::inputs\n::error title=input-missing::environment is empty\n")).toEqual(
      [],
    );
  });

  test("names silence, noise and stacks", () => {
    expect(smokeProblems(0, "")).toEqual([
      "exit code 0: without inputs it must fail with 1",
      "0 errors: there must be one to five",
    ]);
    expect(smokeProblems(1, `::error::a\n    at main (index.mjs:3:1)\n${"::error::b\n".repeat(5)}`)).toEqual([
      "6 errors: there must be one to five",
      "it prints a stack: a missing input is no defect",
    ]);
  });
});
