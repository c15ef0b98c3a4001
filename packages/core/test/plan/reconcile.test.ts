import {
  type Facts,
  formatProblem,
  type Health,
  type Plan,
  plan,
  planDigest,
  type ReachedHost,
  stepsOf,
} from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import {
  artifact,
  commit,
  configOf,
  fullConfig,
  login,
  minted,
  newRelease,
  old,
  oldCommit,
  older,
  reachedHost,
  reconcileRequest,
  releaseOf,
  serving,
  staged,
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

describe("a reconcile's plan", () => {
  test("says everything, as data: what the late hosts lack, and nothing for the others", () => {
    const config = fullConfig();
    const health = config.activate.health as Health;
    const web2 = serving("web2", old, [releaseOf(old), newRelease("ready")]);
    const made = planFor([done("web1"), web2, fresh("web3")], config, request);
    const expected = {
      schema: 3,
      kind: "reconcile",
      app: "shop",
      environment: "production",
      url: "https://shop.example.com",
      deployTo: "/var/www/shop",
      shared: { directories: ["log"], files: [".env"] },
      leader: "web1",
      release: minted,
      commit,
      artifact,
      changed: true,
      stages: staged([
        { step: "upload", hosts: ["web3"] },
        { step: "prepare", hosts: ["web3"], run: "npm ci --omit=dev" },
        { step: "prepare", hosts: ["web3"], run: "npm run warm", envFile: ".env" },
        { step: "switch", hosts: ["web2", "web3"] },
        { step: "reload", hosts: ["web2", "web3"], run: "sudo systemctl reload shop" },
        { step: "health", hosts: ["web2", "web3"], health },
        { step: "finish", hosts: ["web2", "web3"] },
      ]),
      problems: [],
      hosts: [
        { host: "web1", address: "web1", ...login, roles: ["web"], from: minted, to: minted, removals: [] },
        { host: "web2", address: "web2", ...login, roles: ["web"], from: old, to: minted, removals: [] },
        {
          host: "web3",
          address: "web3",
          ...login,
          roles: ["web", "worker"],
          from: null,
          to: minted,
          removals: [],
        },
      ],
      warnings: [],
      headline: `2 of 3 hosts to ${minted}`,
    };
    expect(made).toEqual({ ...expected, digest: planDigest(expected as Omit<Plan, "digest">) });
  });

  test("nothing late: nothing to do, whatever artifact is given, frozen or not", () => {
    const facts = ["web1", "web2", "web3"].map((name) => ({
      ...done(name),
      lock: { token: 1, expiresIn: 0, frozen: "audit" },
    }));
    const {
      changed,
      stages,
      problems,
      warnings,
      headline,
      artifact: sent,
    } = planFor(facts, fullConfig(), request);
    expect({ changed, stages, problems, warnings, headline, sent }).toEqual({
      changed: false,
      stages: [],
      problems: [],
      warnings: [],
      headline: `Nothing to do: ${minted} is live on 3 hosts`,
      sent: undefined,
    });
  });

  test("deletes nothing, whatever keep-releases says", () => {
    const many = serving("web2", older, [
      releaseOf("20260101T000000Z-1111111"),
      releaseOf(older),
      newRelease("good"),
    ]);
    const { hosts } = planFor([done("web1"), many, done("web3")], configOf({ keepReleases: 1 }));
    expect(hosts.map(({ removals }) => removals)).toEqual([[], [], []]);
  });
});

describe("the fleet's release", () => {
  const next = "20261122T000000Z-5555555";
  const active = newRelease("active", next);

  test.each<[string, readonly Facts[], string, readonly string[]]>([
    [
      "what is live and good on the leader, though most hosts serve another",
      [
        done("web1"),
        serving("web2", old, [releaseOf(old), newRelease("good")]),
        serving("web3", old, [releaseOf(old), newRelease("good")]),
      ],
      minted,
      ["switch web2 web3", "finish web2 web3"],
    ],
    [
      "a switch that was killed: what is live and good on most hosts, and the leader goes back",
      [serving("web1", next, [releaseOf(old), active]), reachedHost("web2"), reachedHost("web3")],
      old,
      ["switch web1", "finish web1"],
    ],
    [
      "the newer where as many hosts serve each",
      [
        serving("web1", next, [releaseOf(old), newRelease("good"), active]),
        serving("web2", old, [releaseOf(old), newRelease("good")]),
        serving("web3", minted, [releaseOf(old), newRelease("good")]),
      ],
      minted,
      ["switch web1 web2", "finish web1 web2"],
    ],
    [
      "killed after the switch of all, before any was proved: the newest that is good everywhere",
      ["web1", "web2", "web3"].map((name) => serving(name, next, [releaseOf(older), releaseOf(old), active])),
      old,
      ["switch web1 web2 web3", "finish web1 web2 web3"],
    ],
    [
      "killed while it was marked good: the others are proved and marked too",
      [
        serving("web1", next, [releaseOf(old), newRelease("good", next)]),
        serving("web2", next, [releaseOf(old), active]),
        serving("web3", next, [releaseOf(old), active]),
      ],
      next,
      ["switch web2 web3", "finish web2 web3"],
    ],
    [
      "a host that serves nothing, beside a fleet that another tool deployed",
      [
        ...["web1", "web2"].map((name) =>
          serving(name, "20240131235959", [{ id: "20240131235959", state: "good" }]),
        ),
        reachedHost("web3", {
          current: { kind: "none" },
          releases: [{ id: "20240131235959", state: "good" }],
        }),
      ],
      "20240131235959",
      ["switch web3", "finish web3"],
    ],
  ])("%s", (_, facts, release, steps) => {
    const made = planFor(facts);
    expect([made.release, stepWords(made), made.problems]).toEqual([release, steps, []]);
  });

  test("none is good on every host: a problem", () => {
    const made = planFor([fresh("web1"), fresh("web2"), serving("web3", next, [active])]);
    expect([made.headline, made.release, made.stages, linesOf(made)]).toEqual([
      "cannot reconcile production: 1 problem",
      "",
      [],
      [
        "reconcile-release · no release is live and good in production, and none is good on every host. " +
          "Deploy a commit: it brings all hosts to one release.",
      ],
    ]);
  });

  test("what goes back is said, with the database", () => {
    const facts = [serving("web1", next, [releaseOf(old), active]), reachedHost("web2"), reachedHost("web3")];
    expect(planFor(facts, fullConfig()).warnings).toEqual([
      `web1 goes back from ${next} to ${old}, which the fleet is on`,
      `the database is not taken back: check that ${old} works with it as it is now`,
    ]);
  });
});

test("the commit is the release's own, not the request's", () => {
  const facts = ["web1", "web2"].map((name) => reachedHost(name));
  expect(planFor([...facts, fresh("web3")]).commit).toBe(oldCommit);
});
