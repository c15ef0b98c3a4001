import { readInputs as readAll } from "@deploy/action-kit";
import { expect, test } from "@jest/globals";
import { inputs, readInputs } from "../src/inputs.ts";

const read = (env: Record<string, string>) => readAll(env, inputs, () => {}, readInputs);

test("nothing is done without a confirmation, and only `true` is one", () => {
  const confirm = (text: string) => read({ INPUT_CONFIRM: text }).confirm;
  const all = [read({}).confirm, confirm(""), confirm("false"), confirm("true")];
  expect(all).toEqual([false, false, false, true]);
  expect(() => read({ INPUT_CONFIRM: "yes" })).toThrow("Expected true or false");
});

test("settings that only a deploy has are unknown here", () => {
  expect(() => read({ "INPUT_KEEP-RELEASES": "3" })).toThrow("input-unknown");
});
