import { expect, test } from "@jest/globals";
import { HostOutput } from "../src/hostOutput.ts";

test("lines come whole, however the pieces are cut", () => {
  const output = new HostOutput();
  expect([output.add("on"), output.add("e\ntwo\n\nth"), output.add("ree"), output.finish()]).toEqual([
    [],
    ["one", "two", ""],
    [],
    ["three"],
  ]);
});

test("a line without an end is cut, and says by how much", () => {
  const output = new HostOutput();
  for (let piece = 0; piece < 80; piece++) expect(output.add("x".repeat(65_536))).toEqual([]);
  expect(output.add("\nnext\n")).toEqual([`${"x".repeat(16_384)}… (5226496 more characters)`, "next"]);
  expect(output.finish()).toEqual([]);
});

test("a step shows a megabyte of one host, and counts the rest", () => {
  const output = new HostOutput();
  const line = `${"y".repeat(1023)}\n`;
  const shown = Array.from({ length: 3000 }, () => output.add(line)).flat();
  expect([shown.length, output.finish()]).toEqual([1024, ["… (2023424 more characters are not shown)"]]);
});
