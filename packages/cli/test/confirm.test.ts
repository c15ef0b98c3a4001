import { expect, test } from "@jest/globals";
import { confirm } from "../src/confirm.ts";
import { recordedIo } from "./io.ts";

test.each([
  ["y\n", true],
  ["Yes\n", true],
  [" y \n", true],
  ["n\n", false],
  ["\n", false],
  ["yeah\n", false],
  ["", false],
])("%j is %s", async (typed, agreed) => {
  const io = recordedIo({ typed });
  expect(await confirm(io, "Deploy this?")).toBe(agreed);
  expect([io.out(), io.err()]).toEqual(["", "Deploy this? [y/N] "]);
});

test("Ctrl-C is a no", async () => {
  expect(await confirm(recordedIo({ typed: "y\n", signal: AbortSignal.abort() }), "Deploy this?")).toBe(
    false,
  );
});
