import { expect, test } from "@jest/globals";
import { unframed } from "../src/index.ts";

const frame = "--deploy-begin--\nerror env-file-missing 6162\n--deploy-end-- 66\n";
const shown = (pieces: readonly string[]) => pieces.map(unframed()).join("");

test.each([
  ["alone", frame, ""],
  ["after output and before more", `one\n${frame}two\n`, "one\ntwo\n"],
  [
    "a sentinel within a line",
    "say --deploy-begin--\n--deploy-begin-- x\n",
    "say --deploy-begin--\n--deploy-begin-- x\n",
  ],
  [
    "a begin line that is somebody else's",
    "--deploy-begin--\nwords\n--deploy-end-- 0\n",
    "words\n--deploy-end-- 0\n",
  ],
  ["dots without a newline", "..--", "..--"],
])("a frame is not shown, however the text is cut: %s", (_, text, left) => {
  expect(shown([text])).toBe(left);
  expect(shown(text.split(/(?<=[de6])/))).toBe(left);
});
