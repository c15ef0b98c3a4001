import { type Facts, formatProblem, type Plan, plan, type ReachedHost, stepsOf } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import {
  artifact,
  commit,
  configOf,
  login,
  lostHost,
  minted,
  newRelease,
  now,
  old,
  reachedHost,
  reconcileRequest,
  releaseOf,
  serving,
} from "../fixtures.ts";

const done = (host: string): ReachedHost => serving(host, minted, [releaseOf(old), newRelease("good")]);
const fresh = (host: string): ReachedHost => reachedHost(host, { current: { kind: "none" }, releases: [] });
const request = reconcileRequest({ artifact });

function planFor(facts: readonly Facts[], config = configOf(), asked = reconcileRequest()): Plan {
  return plan(config, facts, asked);
}

const stepWords = (made: Plan): readonly string[] =>
  stepsOf(made).map(({ step, hosts }) => `${step} ${hosts.join(" ")}`);
const linesOf = ({ problems }: Plan): readonly string[] => problems.map(formatProblem);

describe("the artifact", () => {
  const facts = [done("web1"), done("web2"), fresh("web3")];

  test("is asked for by commit and manifest where a host has to be sent the release", () => {
    expect(linesOf(planFor(facts))).toEqual([
      `reconcile-artifact · web3 · release ${minted} is not whole on web3, and no artifact was given. ` +
        `Give the packed artifact of that release: commit ${commit}, manifest ${artifact.manifest}.`,
    ]);
    const partial = serving("web2", old, [releaseOf(old), newRelease("partial")]);
    const other = reconcileRequest({ artifact: { ...artifact, manifest: "c".repeat(64) } });
    expect(linesOf(planFor([done("web1"), partial, fresh("web3")], configOf(), other))).toEqual([
      `reconcile-artifact · release ${minted} is not whole on web2 and web3, and the artifact given holds other files. ` +
        `Give the packed artifact of that release: commit ${commit}, manifest ${artifact.manifest}.`,
    ]);
  });

  test("cannot be given for what another tool made", () => {
    const foreign = ["web1", "web2"].map((name) => serving(name, "42", [{ id: "42", state: "good" }]));
    expect(linesOf(planFor([...foreign, fresh("web3")], configOf(), request))).toEqual([
      "reconcile-artifact · web3 · release 42 is not whole on web3, and the artifact given holds other files. " +
        "Another tool made that release, so no artifact can be proved to be it: deploy a commit to all hosts.",
    ]);
  });

  test("only late hosts are checked: room where something is sent, the link where something is switched", () => {
    const broken = { writable: false, freeBytes: 0, missingShared: [".env"], tools: {} };
    const whole = {
      ...serving("web2", old, [releaseOf(old), newRelease("good")]),
      ...broken,
      writable: true,
    };
    const made = planFor(
      [{ ...done("web1"), ...broken }, whole, { ...fresh("web3"), ...broken }],
      configOf(),
      request,
    );
    expect(made.problems.map(({ code, place }) => `${place.host} ${code}`)).toEqual([
      "web3 not-writable",
      "web3 tool-missing",
      "web3 tool-missing",
      "web3 disk-full",
      "web3 shared-missing",
    ]);
    const linked = reachedHost("web3", { current: { kind: "directory" }, releases: [newRelease("good")] });
    expect(planFor([done("web1"), done("web2"), linked]).problems.map(({ code }) => code)).toEqual([
      "current-not-a-link",
    ]);
  });

  test("a late host that found the release bad, or holds other files under its name, cannot follow", () => {
    const bad = serving("web2", old, [releaseOf(old), newRelease("bad")]);
    const mixed = serving("web3", old, [releaseOf(old), releaseOf(minted)]);
    expect(linesOf(planFor([done("web1"), bad, mixed]))).toEqual([
      `release-bad · web2 · release ${minted}, which the fleet serves, failed or was rolled back here. ` +
        "Deploy a commit: a new release brings all hosts to the same files.",
      `release-mixed · web3 · release ${minted} holds other files here. ` +
        "Deploy a commit: a new release brings all hosts to the same files.",
    ]);
  });
});

describe("a host out of reach", () => {
  test("is left out, by name, and the others follow", () => {
    const made = planFor([
      done("web1"),
      lostHost("web2"),
      serving("web3", old, [releaseOf(old), newRelease("good")]),
    ]);
    const { changed, headline, warnings, problems, hosts } = made;
    expect({ changed, headline, warnings, problems, steps: stepWords(made), web2: hosts[1] }).toEqual({
      changed: true,
      headline: `1 of 3 hosts to ${minted}`,
      warnings: ["web2 is left out, it could not be read: port 22 is closed"],
      problems: [],
      steps: ["switch web3", "finish web3"],
      web2: {
        host: "web2",
        address: "web2",
        ...login,
        roles: ["web"],
        from: null,
        to: minted,
        reached: false,
        removals: [],
      },
    });
  });

  test("is said too where nothing is late", () => {
    const { changed, headline, warnings } = planFor([done("web1"), done("web2"), lostHost("web3")]);
    expect({ changed, headline, warnings }).toEqual({
      changed: false,
      headline: `Nothing to do: ${minted} is live on 2 of 3 hosts`,
      warnings: ["web3 is left out, it could not be read: port 22 is closed"],
    });
  });

  test("stops it where it is the leader: the lock is there", () => {
    const made = planFor([lostHost("web1"), done("web2"), done("web3")]);
    expect([made.headline, linesOf(made), made.warnings]).toEqual([
      "cannot reconcile production: 1 problem",
      ["connect-refused · web1 · port 22 is closed. Check it."],
      [],
    ]);
    expect(linesOf(planFor([]))).toEqual([
      "host-not-probed · web1 · nothing was read from web1. A plan needs every host of the environment: probe them all, then plan again.",
    ]);
  });

  test("a wrong clock is still news", () => {
    const late = {
      ...reachedHost("web2", { releases: [releaseOf(old), newRelease("good")] }),
      clock: now.getTime() / 1000 + 600,
    };
    expect(planFor([done("web1"), late, done("web3")]).warnings).toEqual([
      "the clock of web2 is 10 min ahead: certificates and logs suffer, check NTP",
    ]);
  });
});
