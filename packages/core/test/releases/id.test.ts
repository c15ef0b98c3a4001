import { compareReleases, isReleaseId, isReleaseName, mintReleaseId, newestRelease } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import { commit, minted, now } from "../fixtures.ts";

describe("release ids", () => {
  test("an id is the UTC time and the first seven of the commit", () => {
    expect(mintReleaseId(now, commit)).toBe(minted);
    expect(mintReleaseId(new Date("2026-01-02T03:04:05.678+02:00"), commit.toUpperCase())).toBe(
      "20260102T010405Z-4f2a91c",
    );
  });

  test.each(["", "main", "4f2a91", "$(id)0000000"])("without a commit hash (%j) it ends in zeros", (text) => {
    expect(mintReleaseId(now, text)).toBe("20261121T084450Z-0000000");
  });

  test.each([
    [minted, true],
    ["20261121T084450Z-0000000", true],
    ["20260230T084450Z-4f2a91c", false],
    ["20261121T084450Z-4F2A91C", false],
    ["20261121T084450Z-4f2a91c\n", false],
    ["20261121084450", false],
    ["", false],
  ])("%j is an id of ours: %s", (name, expected) => {
    expect(isReleaseId(name)).toBe(expected);
  });

  test.each([
    [minted, true],
    ["20240131235959", true],
    ["20240131T235959Z", true],
    ["12", true],
    ["1.2.3-rc_1", true],
    ["0".repeat(64), true],
    ["0".repeat(65), false],
    ["-rf", false],
    [".", false],
    ["..", false],
    [".trash", false],
    ["current", false],
    ["1/2", false],
    ["1 2", false],
    ["1\n", false],
    ["1$(id)", false],
    ["", false],
  ])("%j may be a release: %s", (name, expected) => {
    expect(isReleaseName(name)).toBe(expected);
  });
});

describe("order", () => {
  test("numbers before times, numbers by number, times by time whatever wrote them", () => {
    const inOrder = [
      "1.2.3",
      "9",
      "10",
      "00000000000000000011",
      "20231231235959",
      "20240131T235959Z",
      "20240201000000Z",
      "20261121T084450Z-0000000",
      minted,
      "20261121T084451Z-0000000",
    ];
    expect([...inOrder].reverse().sort(compareReleases)).toEqual(inOrder);
    expect(newestRelease(inOrder)).toBe("20261121T084451Z-0000000");
    expect(newestRelease([])).toBeUndefined();
  });

  test("is a total order: the same either way round", () => {
    const names = ["1", "01", "20240131235959", "20240131T235959Z", "2x", minted, "20249931235959"];
    for (const a of names) {
      for (const b of names) {
        expect(Math.sign(compareReleases(a, b)) + Math.sign(compareReleases(b, a))).toBe(0);
        expect(compareReleases(a, b) === 0).toBe(a === b);
      }
    }
  });
});
