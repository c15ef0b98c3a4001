import { DeployError, DeployErrors } from "@deploy/core";
import { expect, test } from "@jest/globals";
import { Cancelled, Misuse, reading, tellFailure } from "../src/failure.ts";
import { openScreen } from "../src/screen.ts";
import { recordedIo } from "./io.ts";

const missing = new DeployError("identity-missing", "no key", { hint: "Give one." });

function told(error: unknown, options: { json?: boolean; aborted?: boolean } = {}): [number, string, string] {
  const io = recordedIo();
  const exitCode = tellFailure(error, openScreen(io, { json: options.json === true }), options.aborted);
  return [exitCode, io.out(), io.err()];
}

test.each([
  ["a mistake of the caller", new Misuse([missing.problem]), 2, "identity-missing · no key. Give one.\n"],
  ["a failure on the way", missing, 1, "identity-missing · no key. Give one.\n"],
  ["a no", new Cancelled(), 130, "Cancelled; nothing was changed.\n"],
  [
    "several at once",
    new DeployErrors([missing.problem, missing.problem]),
    1,
    "identity-missing · no key. Give one.\nidentity-missing · no key. Give one.\n",
  ],
])("%s", (_name, error, exitCode, text) => {
  expect(told(error)).toEqual([exitCode, "", text]);
});

test("a defect is told as one", () => {
  expect(told(new TypeError("x is undefined"))).toEqual([
    1,
    "",
    "internal · x is undefined. Please report it with the log of this run.\n",
  ]);
});

test("after Ctrl-C the exit code is 130, whatever broke first", () => {
  expect(told(missing, { aborted: true })[0]).toBe(130);
});

test("with --json the failure is a document too", () => {
  const [exitCode, out] = told(new Misuse([missing.problem]), { json: true });
  expect(exitCode).toBe(2);
  expect(JSON.parse(out)).toEqual({ schema: 1, result: "usage", exitCode: 2, problems: [missing.problem] });
});

test("text from a server cannot steer the terminal", () => {
  expect(told(new DeployError("identity-missing", "a\u001b[2Jb", { hint: "c\u0007" }))[2]).toBe(
    "identity-missing · ab. c\n",
  );
});

test("what reading options throws is a mistake of the caller; a defect stays a defect", async () => {
  await expect(
    reading(() => {
      throw missing;
    }),
  ).rejects.toEqual(new Misuse([missing.problem]));
  await expect(reading(() => Promise.reject(new TypeError("x")))).rejects.toBeInstanceOf(TypeError);
  expect(await reading(() => 1)).toBe(1);
});
