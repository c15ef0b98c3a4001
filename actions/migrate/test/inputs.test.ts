import { readInputs as readAll } from "@deploy/action-kit";
import { expect, test } from "@jest/globals";
import { inputs, readInputs } from "../src/inputs.ts";

test("a word on a migration is given or not, and nothing else", () => {
  const migration = (env: Record<string, string>) => readAll(env, inputs, () => {}, readInputs).migration;
  expect([migration({}), migration({ INPUT_RETRY: "true" }), migration({ INPUT_RESOLVE: "done" })]).toEqual([
    { retry: false },
    { retry: true },
    { retry: false, resolve: "done" },
  ]);
  expect(() => migration({ INPUT_RESOLVE: "skip" })).toThrow("Expected retry or done");
});
