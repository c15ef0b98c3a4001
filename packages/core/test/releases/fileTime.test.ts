import { fileTime } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import { lostHost, minted, old, reachedHost, releaseOf } from "../fixtures.ts";

const at = (clock: number, time?: number, id = old) =>
  reachedHost(`web${clock}`, {
    clock,
    releases: [releaseOf(id, "good", time === undefined ? {} : { time })],
  });

describe("the time of a release's files", () => {
  test("is after every host's clock, and after all that lies on any of them", () => {
    expect(fileTime([at(100), at(90), lostHost("web3")], minted)).toBe(101);
    expect(fileTime([at(100), at(90, 120)], minted)).toBe(121);
  });

  test("is what it was, where a host holds the release: hosts that follow later get the same", () => {
    expect(fileTime([at(100), at(500, 42, minted), at(90, 300)], minted)).toBe(42);
  });
});
