import { type Facts, type FleetVerdict, findUnproved, fleetVerdict, renderFactsText } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import {
  configOf,
  fleetOf,
  lostHost,
  minted,
  newRelease,
  old,
  reachedHost,
  releaseOf,
  serving,
} from "../fixtures.ts";

const [web1, web2, web3] = ["web1", "web2", "web3"].map((name) => reachedHost(name));
const all = [web1, web2, web3].filter((host) => host !== undefined);
const nothing = fleetOf({ current: { kind: "none" }, releases: [] });
const next = (host: string) => serving(host, minted, [releaseOf(old), newRelease("active")]);

describe("the verdict on a fleet", () => {
  test.each<[string, readonly Facts[], FleetVerdict]>([
    ["one release everywhere", all, { state: "same", release: old, late: [], unreachable: [] }],
    ["nothing anywhere", nothing, { state: "same", release: null, late: [], unreachable: [] }],
    [
      "one release everywhere, and nobody proved it",
      ["web1", "web2", "web3"].map(next),
      { state: "same", release: old, late: ["web1", "web2", "web3"], unreachable: [] },
    ],
    [
      "two releases",
      [...all.slice(0, 2), next("web3")],
      { state: "mixed", release: old, late: ["web3"], unreachable: [] },
    ],
    [
      "a folder in the place of the link, everywhere",
      fleetOf({ current: { kind: "directory" }, releases: [] }),
      { state: "mixed", release: null, late: [], unreachable: [] },
    ],
    [
      "a host out of reach, and one that differs",
      [...all.slice(0, 1), next("web2"), lostHost("web3")],
      { state: "unreachable", release: old, late: ["web2"], unreachable: ["web3"] },
    ],
    [
      "nobody asked",
      [],
      { state: "unreachable", release: null, late: [], unreachable: ["web1", "web2", "web3"] },
    ],
  ])("%s", (_, facts, expected) => {
    expect(fleetVerdict(facts, configOf())).toEqual(expected);
  });

  test("a live release that nobody proved is late, in words", () => {
    const late = renderFactsText(
      [...all.slice(0, 1), web2, serving("web3", old, [releaseOf(old, "active")])].filter(
        (host) => host !== undefined,
      ),
      configOf(),
    );
    expect(late.split("\n").filter((line) => line.startsWith("!"))).toEqual([
      `! web3 is late: it serves ${old}, which is active and not proved good, the fleet is on ${old}`,
    ]);
  });
});

test("what is live and was not heard is told: a link alone answers nobody", () => {
  const unproved = ["web1", "web2", "web3"].map(next);
  expect([findUnproved(all), findUnproved(nothing), findUnproved([...all.slice(1), next("web1")])]).toEqual([
    [],
    [],
    ["web1"],
  ]);
  expect(renderFactsText(unproved, configOf())).toContain(
    `${minted} is live, not proved on web1, web2 and web3`,
  );
});
