import { describe, expect, test } from "@jest/globals";
import { parseAsked, rsyncArguments } from "../../src/rsync/ask.ts";
import { exitOf } from "../../src/rsync/exits.ts";
import { statsOf } from "../../src/rsync/stats.ts";

const from = "20261121T084450Z-aaaaaaa";
const rsh = expect.stringMatching(/^--rsh=sh -c '.*' sh$/);
const kept = [
  ...["--checksum", "--delete", "--partial", "--stats", "--no-human-readable", "--no-protect-args"],
];

describe("what this machine's rsync is told", () => {
  test.each([
    [null, "copy", ["--times", ...kept]],
    [null, "link", ["--times", ...kept]],
    [from, "copy", ["--times", ...kept, "--copy-dest", `../../../releases/${from}`]],
    [from, "link", [...kept, "--link-dest", `../../../releases/${from}`]],
  ] as const)("from %s, %s", (base, unchanged, options) => {
    expect(rsyncArguments({ folder: "/tmp/a b", from: base, unchanged })).toEqual([
      ...["--recursive", "--links", "--perms"],
      ...options,
      ...[rsh, "--", "/tmp/a b/", "host:./"],
    ]);
  });
});

describe("what the bridge says first", () => {
  const said = Buffer.from("4\0host\0rsync\0--server\0.\0\0\0rest");

  test("count and arguments, then bytes that may hold anything", () => {
    expect(parseAsked(said)).toEqual({ args: ["--server", "."], rest: Buffer.from("\0\0rest") });
  });

  test("is waited for, however it is cut", () => {
    const end = said.indexOf(".") + 2;
    for (let length = 0; length < end; length++) expect(parseAsked(said.subarray(0, length))).toBeUndefined();
    expect(parseAsked(said.subarray(0, end))?.rest).toHaveLength(0);
  });
});

test("statistics, with and without separators of thousands; without them nothing is known", () => {
  const text = "Number of files: 9\nLiteral data: 1234567 bytes\nMatched data: 1,000 bytes\n";
  expect(statsOf(text)).toEqual({ literal: 1_234_567, matched: 1000 });
  expect(statsOf("Literal data: 1 bytes\n")).toBeUndefined();
});

test("every exit code of the manual has a cause and a next move", () => {
  const codes = [
    1, 2, 3, 4, 5, 6, 10, 11, 12, 13, 14, 20, 21, 22, 23, 24, 25, 30, 35, 124, 125, 126, 127, 255,
  ];
  const unknown = exitOf(77);
  expect(codes.map(exitOf).filter(({ cause, next }) => cause === unknown.cause || next === "")).toEqual([]);
  expect(exitOf(137).cause).toBe("it was ended by signal 9");
  expect(unknown.cause).toBe("rsync's manual does not name this code");
});
