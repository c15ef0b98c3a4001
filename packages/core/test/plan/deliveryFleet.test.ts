import { type Config, comparePlans, type Plan, plan, type Tool, type Upload } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import {
  artifact,
  bareSteps,
  configOf,
  deployRequest,
  lostHost,
  minted,
  newRelease,
  now,
  old,
  reconcileRequest,
  releaseOf,
  serving,
} from "../fixtures.ts";
import { type Many, many, step, store, uploadOf, uploadsOf } from "./deliveries.ts";

describe("auto chooses, and says why", () => {
  const curl = (): readonly Tool[] => ["curl"];
  test.each<[string, Many, Partial<Upload>, (all: readonly string[]) => readonly object[]]>([
    [
      "few hosts",
      many(3, curl),
      { store },
      (all) => [step(all, { because: "3 hosts: the runner sends it itself" })],
    ],
    ["one", many(1, curl), {}, (all) => [step(all, { because: "1 host: the runner sends it itself" })]],
    [
      "seven",
      many(7, curl),
      { store },
      (all) => [step(all, { because: "7 hosts: the runner sends it itself" })],
    ],
    [
      "eight, and a store",
      many(8, curl),
      { store },
      (all) => [step(all, { method: "pull", store, because: "8 hosts can fetch at once" })],
    ],
    [
      "eight without a store",
      many(8, curl),
      {},
      (all) => [step(all, { because: "8 hosts, no store to fetch from: the runner sends it itself" })],
    ],
    [
      "nine, of which one cannot fetch",
      many(9, (index) => (index === 4 ? [] : ["wget"])),
      { store },
      (all) => [
        step(
          all.filter((name) => name !== "web5"),
          { method: "pull", store, because: "8 hosts can fetch at once" },
        ),
        step(["web5"], { because: "neither curl nor GNU wget is there" }),
      ],
    ],
    [
      "nine, of which too few can",
      many(9, (index) => (index < 2 ? [] : ["wget"])),
      { store },
      (all) => [step(all, { because: "7 of 9 hosts can fetch: the runner sends it itself" })],
    ],
  ])("%s", (_, { names: all, config, facts }, changes, expected) => {
    const upload = uploadOf({ method: "auto", ...changes });
    const made = plan(configOf({ ...config, upload }), facts, deployRequest());
    expect(uploadsOf(made)).toEqual(expected(all));
  });
});

describe("a reconcile", () => {
  const { names: all, config, facts } = many(9, (index) => (index === 4 ? [] : ["curl"]));
  const settings: Config = configOf({ ...config, upload: uploadOf({ method: "auto", store }) });
  const whole = [releaseOf(old), newRelease("good")];
  const request = reconcileRequest({ artifact, now });

  /** The plan where these hosts lack the release, and those cannot be read. */
  function planFor(late: readonly string[], lost: readonly string[] = []): Plan {
    const read = facts.map((host) => {
      if (lost.includes(host.host)) return lostHost(host.host);
      return late.includes(host.host)
        ? { ...host, current: { kind: "none" } as const, releases: [] }
        : { ...serving(host.host, minted, whole), tools: host.tools };
    });
    return plan(settings, read, request);
  }

  test("brings late hosts the release in the fleet's way, however few they are", () => {
    const made = planFor(["web2", "web5", "web9"]);
    expect([uploadsOf(made), made.warnings]).toEqual([
      [
        step(["web2", "web9"], { method: "pull", store, because: "8 hosts can fetch at once" }),
        step(["web5"], { because: "neither curl nor GNU wget is there" }),
      ],
      ["to web5 the release is an artifact from the runner, not pull: neither curl nor GNU wget is there"],
    ]);
    expect(bareSteps(made).at(-1)).toEqual({
      step: "finish",
      hosts: ["web2", "web5", "web9"],
    });
  });

  test.each<[string, readonly string[]]>([
    ["one of each way followed", ["web5", "web9"]],
    ["one way is gone", ["web2", "web9"]],
    ["the other way is gone", ["web5"]],
  ])("what is left of an approved one is no change: %s", (_, late) => {
    expect(comparePlans(planFor(["web2", "web5", "web9"]), planFor(late))).toEqual([]);
  });

  test("nobody to send to: no word about it", () => {
    const made = planFor([]);
    expect([made.changed, uploadsOf(made), made.warnings]).toEqual([false, [], []]);
  });

  test("a host that could not be read changes nobody's way", () => {
    expect(uploadsOf(planFor(["web2"], ["web3"]))).toEqual(uploadsOf(planFor(["web2"])));
    expect(all).toHaveLength(9);
  });
});
