import { expect, test } from "@jest/globals";
import { readLines } from "../src/lines.ts";
import { plainText } from "../src/plain.ts";

test.each([
  ["\u001b[31mred\u001b[0m", "red"],
  ["\u001b]0;title\u0007text", "text"],
  ["\u001b]8;;http://evil\u001b\\link", "link"],
  ["a\u0008b\u0000c\u009b31m", "abc31m"],
  ["user\u202egpj.exe", "usergpj.exe"],
  ["one\r\ntwo\rthree", "one\ntwo\nthree"],
  ["tab\tand emoji 🐈 stay", "tab\tand emoji 🐈 stay"],
])("plainText(%j)", (text, plain) => {
  expect(plainText(text)).toBe(plain);
});

function linesOf(...chunks: string[]): string[] {
  const lines: string[] = [];
  const reader = readLines((line) => lines.push(line));
  for (const chunk of chunks) reader.add(chunk);
  reader.end();
  return lines;
}

test("lines come whole, however the chunks fall", () => {
  expect(linesOf("on", "e\ntwo\r", "\n\nlast")).toEqual(["one", "two", "", "last"]);
});

test("an escape sequence cut in two is still found", () => {
  expect(linesOf("\u001b[3", "1mred\n")).toEqual(["red"]);
});

test("a line that never ends is cut, not kept", () => {
  expect(linesOf("x".repeat(70_000), "y").map((line) => line.length)).toEqual([70_000, 1]);
});

test("ending twice says nothing twice", () => {
  const lines: string[] = [];
  const reader = readLines((line) => lines.push(line));
  reader.add("rest");
  reader.end();
  reader.end();
  expect(lines).toEqual(["rest"]);
});
