import { expect, test } from "@jest/globals";
import { paintFor } from "../src/paint.ts";
import { openScreen } from "../src/screen.ts";
import { recordedIo } from "./io.ts";

const write = (): void => {};
const green = "\u001b[32mok\u001b[39m";

test.each([
  ["a terminal", true, {}, green],
  ["a pipe", false, {}, "ok"],
  ["NO_COLOR", true, { NO_COLOR: "1" }, "ok"],
  ["an empty NO_COLOR", true, { NO_COLOR: "" }, green],
  ["a dumb terminal", true, { TERM: "dumb" }, "ok"],
  ["FORCE_COLOR in a pipe", false, { FORCE_COLOR: "1" }, green],
  ["FORCE_COLOR=0", true, { FORCE_COLOR: "0" }, "ok"],
  ["both: NO_COLOR wins", true, { NO_COLOR: "1", FORCE_COLOR: "1" }, "ok"],
])("colour for %s", (_name, isTTY, env, text) => {
  expect(paintFor({ write, isTTY }, env)("green", "ok")).toBe(text);
});

test("people read stdout, warnings go to stderr", () => {
  const io = recordedIo();
  const screen = openScreen(io, { json: false });
  screen.say("said");
  screen.warn("warned");
  screen.answer({ not: "printed" });
  expect([io.out(), io.err()]).toEqual(["said\n", "warned\n"]);
});

test("with --json stdout holds one document and nothing else", () => {
  const io = recordedIo();
  const screen = openScreen(io, { json: true });
  screen.say("said");
  screen.warn("warned\n");
  screen.answer({ result: "deployed" });
  expect([JSON.parse(io.out()), io.err()]).toEqual([{ result: "deployed" }, "said\nwarned\n"]);
});
