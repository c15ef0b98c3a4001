import { type Config, type Facts, formatProblem, type Health, type Plan, plan } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import {
  configOf,
  fleetOf,
  fullConfig,
  login,
  lostHost,
  minted,
  newRelease,
  old,
  oldCommit,
  older,
  reachedHost,
  releaseOf,
  serving,
  staged,
} from "../fixtures.ts";

const names = ["web1", "web2", "web3"];
const three = [releaseOf(older), releaseOf(old), newRelease("good")];

function back(facts: readonly Facts[], to?: string, config: Config = configOf()): Plan {
  return plan(config, facts, { kind: "rollback", ...(to === undefined ? {} : { to }) });
}

function refusal(facts: readonly Facts[], to?: string): readonly string[] {
  return back(facts, to).problems.map(formatProblem);
}

const fleet = names.map((name) => serving(name, minted, three));

describe("a rollback's plan", () => {
  test("goes back to the newest good release older than the live one, and deletes nothing", () => {
    const config = fullConfig();
    const made = back(fleet, undefined, config);
    expect(made).toEqual({
      schema: 3,
      kind: "rollback",
      app: "shop",
      environment: "production",
      url: "https://shop.example.com",
      deployTo: "/var/www/shop",
      shared: { directories: ["log"], files: [".env"] },
      leader: "web1",
      release: old,
      commit: oldCommit,
      changed: true,
      stages: staged([
        { step: "switch", hosts: names },
        { step: "reload", hosts: names, run: "sudo systemctl reload shop" },
        { step: "health", hosts: names, health: config.activate.health as Health },
        { step: "finish", hosts: names },
      ]),
      problems: [],
      hosts: [
        { host: "web1", address: "web1", ...login, roles: ["web"], from: minted, to: old, removals: [] },
        { host: "web2", address: "web2", ...login, roles: ["web"], from: minted, to: old, removals: [] },
        {
          host: "web3",
          address: "web3",
          ...login,
          roles: ["web", "worker"],
          from: minted,
          to: old,
          removals: [],
        },
      ],
      warnings: [
        "The database is not rolled back: releases left behind may have run migrations, check that " +
          `${old} works with the database as it is now`,
      ],
      headline: `back to ${old} on 3 hosts of production`,
      digest: made.digest,
    });
  });

  test("a second one goes back one more: what was left is bad", () => {
    const facts = names.map((name) =>
      serving(name, old, [releaseOf(older), releaseOf(old), newRelease("bad")]),
    );
    expect(back(facts).release).toBe(older);
  });

  test("one that was killed half-way goes on to the same target", () => {
    const facts = [
      serving("web1", old, [releaseOf(older), releaseOf(old, "active"), newRelease("good")]),
      ...fleet.slice(1),
    ];
    const made = back(facts);
    expect(made.hosts.map(({ from, to }) => [from, to])).toEqual([
      [old, old],
      [minted, old],
      [minted, old],
    ]);
  });

  test("after a deploy that was killed half-way, all go back to what the others serve", () => {
    const facts = [
      serving("web1", minted, [releaseOf(old), newRelease("active")]),
      serving("web2", old, [releaseOf(old), newRelease("ready")]),
      serving("web3", old, [releaseOf(old), newRelease("ready")]),
    ];
    expect(back(facts).hosts.map(({ to }) => to)).toEqual([old, old, old]);
  });

  test("needs the target whole on every host", () => {
    const facts = [...fleet.slice(0, 2), serving("web3", minted, [releaseOf(older), newRelease("good")])];
    expect(back(facts).release).toBe(older);
  });

  test("a named target, also another tool's", () => {
    const facts = names.map((name) => serving(name, minted, [{ id: "12", state: "good" }, ...three]));
    expect(back(facts, older).release).toBe(older);
    const made = back(facts, "12", fullConfig());
    expect([made.release, made.commit, made.problems]).toEqual(["12", "", []]);
    expect(made.warnings[1]).toBe(
      "12 was made by another tool: its health check passes only if it answers with that name",
    );
  });

  test("to what is live and good everywhere: it was done before", () => {
    const made = back(fleet, minted);
    expect([made.changed, made.stages, made.problems, made.headline]).toEqual([
      false,
      [],
      [],
      `Nothing to do: ${minted} is live on 3 hosts`,
    ]);
  });

  test("missing shared files, tools and room do not stop it: it makes nothing", () => {
    const facts = fleet.map((host) => ({ ...host, tools: {}, freeBytes: 0, missingShared: [".env"] }));
    const made = back(facts);
    expect(made.problems).toEqual([]);
    expect(made.warnings).toEqual(names.map((name) => `shared files missing on ${name}: .env`));
  });
});

describe("a rollback is refused", () => {
  test("to an unknown release, with the list of possible ones", () => {
    expect(refusal(fleet, "20200101T000000Z-1234567")).toEqual([
      `rollback-target · there is no release 20200101T000000Z-1234567 on any host. Possible: ${old} and ${older}.`,
    ]);
  });

  test("to a bad one, naming where", () => {
    const facts = [
      serving("web1", minted, [releaseOf(older), releaseOf(old, "bad"), newRelease("good")]),
      ...fleet.slice(1),
    ];
    expect(refusal(facts, old)).toEqual([
      `rollback-target · release ${old} failed or was rolled back on web1. Possible: ${older}.`,
    ]);
  });

  test("to one that is not on all hosts", () => {
    const facts = [...fleet.slice(0, 2), serving("web3", minted, [releaseOf(older), newRelease("good")])];
    expect(refusal(facts, old)).toEqual([
      `rollback-target · release ${old} is not whole on web3. Possible: ${older}.`,
    ]);
  });

  test("to one that was never live", () => {
    const facts = fleetOf({ releases: [releaseOf(old), newRelease("ready")] });
    expect(refusal(facts, minted)).toEqual([
      `rollback-target · release ${minted} was never proved good. No release is possible; deploy an older commit instead.`,
    ]);
  });

  test("where nothing older is good", () => {
    const facts = names.map((name) => serving(name, older, three));
    expect(refusal(facts)).toEqual([
      "rollback-target · no good release older than what is live is whole on every host. " +
        `Possible: ${minted} and ${old}.`,
    ]);
  });

  test("where nothing is live", () => {
    const facts = [...fleet.slice(0, 2), reachedHost("web3", { current: { kind: "none" }, releases: [] })];
    const made = back(facts);
    expect(made.problems.map(formatProblem)).toEqual([
      "nothing-live · web3 · nothing is live on web3. Deploy first; a rollback needs a live release on every host.",
    ]);
    expect([made.release, made.stages, made.headline]).toEqual([
      "",
      [],
      "cannot roll back production: 1 problem",
    ]);
  });

  test("where a host is lost: its own cause, and no target is guessed", () => {
    expect(refusal([...fleet.slice(0, 2), lostHost("web3")], old)).toEqual([
      "connect-refused · web3 · port 22 is closed. Check it. Or leave it out: --without web3.",
    ]);
  });

  test("where current is no link", () => {
    const facts = [
      ...fleet.slice(0, 2),
      reachedHost("web3", { current: { kind: "directory" }, releases: three }),
    ];
    expect(back(facts).problems.map(({ code }) => code)).toEqual(["current-not-a-link"]);
  });
});
