import { planRetention, type ReachedHost, type ReleaseFacts } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import { minted, newRelease, reachedHost, releaseOf, serving } from "../fixtures.ts";

const day = (number: number): string => `202611${String(number).padStart(2, "0")}T000000Z-1111111`;

function removed(facts: readonly ReachedHost[], keep: number): Record<string, readonly string[]> {
  return Object.fromEntries(
    planRetention({ facts, keep, release: minted }).map(({ host, verdicts }) => [
      host,
      verdicts.filter((verdict) => !verdict.keep).map(({ release }) => release),
    ]),
  );
}

function hostWith(releases: readonly ReleaseFacts[], live: string): ReachedHost {
  return serving("web1", live, releases);
}

describe("retention", () => {
  test("keeps the newest good ones, the new one among them, and says why for each", () => {
    const host = hostWith(
      [1, 2, 3, 4].map((number) => releaseOf(day(number))),
      day(4),
    );
    expect(planRetention({ facts: [host], keep: 3, release: minted })).toEqual([
      {
        host: "web1",
        verdicts: [
          { release: day(1), keep: false, because: ["older than the newest 3 good releases"] },
          { release: day(2), keep: false, because: ["older than the newest 3 good releases"] },
          { release: day(3), keep: true, because: ["one of the newest 3 good releases"] },
          {
            release: day(4),
            keep: true,
            because: [
              "live until now",
              "the rollback target: good on every host",
              "one of the newest 3 good releases",
            ],
          },
        ],
      },
    ]);
  });

  test("the verdicts are the same before and after the new release was uploaded", () => {
    const before = hostWith(
      [1, 2, 3, 4].map((number) => releaseOf(day(number))),
      day(4),
    );
    const after = { ...before, releases: [...before.releases, newRelease("ready")] };
    expect(removed([after], 3)).toEqual(removed([before], 3));
  });

  test("bad and unfinished ones use no good slot; only the newest of them stays", () => {
    const releases = [
      releaseOf(day(1)),
      releaseOf(day(2), "bad"),
      releaseOf(day(3), "partial"),
      releaseOf(day(4), "ready"),
      releaseOf(day(5)),
      releaseOf(day(6), "bad"),
    ];
    expect(removed([hostWith(releases, day(5))], 3)).toEqual({ web1: [day(2), day(3), day(4)] });
  });

  test("what is live and was proved nowhere takes no good one's place", () => {
    const host = (name: string, state: "active" | "good") =>
      serving(name, day(3), [releaseOf(day(1)), releaseOf(day(2)), releaseOf(day(3), state)]);
    const unproved = [host("web1", "active"), host("web2", "active")];
    expect(removed(unproved, 2)).toEqual({ web1: [day(1)], web2: [day(1)] });
    expect(removed([host("web1", "active"), host("web2", "good")], 2)).toEqual({
      web1: [day(1), day(2)],
      web2: [day(1), day(2)],
    });
  });

  test("what is live stays even where it is bad and everything else is newer", () => {
    const releases = [
      releaseOf(day(1), "bad"),
      releaseOf(day(2)),
      releaseOf(day(3)),
      releaseOf(day(4), "bad"),
    ];
    expect(removed([hostWith(releases, day(1))], 1)).toEqual({ web1: [day(2)] });
  });

  test("one good release common to all hosts stays, however old", () => {
    const full = [1, 2, 3, 4].map((number) => releaseOf(day(number)));
    const facts = [serving("web1", day(4), full), serving("web2", day(1), [releaseOf(day(1))])];
    expect(removed(facts, 2)).toEqual({ web1: [day(2), day(3)], web2: [] });
  });

  test("another tool's releases count like good ones, in the order of their names", () => {
    const foreign = ["20200101000000", "20210101000000", "20220101000000"].map(
      (id) => ({ id, state: "good" }) as const,
    );
    expect(removed([hostWith(foreign, "20220101000000")], 3)).toEqual({ web1: ["20200101000000"] });
  });

  test("strangers are never judged, and a host without releases loses nothing", () => {
    const host = reachedHost("web1", {
      releases: [],
      strangers: ["backup", "-rf"],
      current: { kind: "none" },
    });
    expect(planRetention({ facts: [host], keep: 1, release: minted })).toEqual([
      { host: "web1", verdicts: [] },
    ]);
  });
});
