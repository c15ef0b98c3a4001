import { expect, test } from "@jest/globals";
import { envLine } from "../src/index.ts";

test.each([
  ["plain", "A='plain'\n"],
  ["", "A=''\n"],
  ['$x `id` \\ "y"\nz', "A='$x `id` \\ \"y\"\nz'\n"],
  ['it\'s $5 `id` \\n "y"', 'A="it\'s \\$5 \\`id\\` \\\\n \\"y\\""\n'],
  ["a\r\nb", 'A="a\\r\nb"\n'],
])("%j is written %j", (value, line) => {
  expect(envLine("A", value)).toBe(line);
});

test.each([["1A"], ["A-B"], ["A=B"], ["UID"], [""]])("no file may set %j", (name) => {
  expect(() => envLine(name, "x")).toThrow(/no name of a variable/);
});

test("a NUL is refused, without the value", () => {
  expect(() => envLine("A", "secret\0")).toThrow(/the value of A contains a NUL(?!.*secret)/);
});
