import { formatProblem, type JobFacts, type PlanRequest, plan } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import {
  configOf,
  deployRequest,
  fleetOf,
  minted,
  newRelease,
  old,
  reachedHost,
  reconcileRequest,
  releaseOf,
} from "../fixtures.ts";

const owner = {
  id: "r1",
  repository: "org/shop",
  run: "41",
  attempt: "1",
  actor: "ada",
  commit: "",
  phase: "migrating",
};
const job = (changes: Partial<JobFacts> = {}): JobFacts => ({
  id: "m1",
  state: "done",
  code: 0,
  release: minted,
  ...changes,
});

function warningsWith(jobs: readonly JobFacts[], request: PlanRequest = deployRequest({ release: minted })) {
  const [, ...others] = fleetOf();
  return plan(configOf(), [reachedHost("web1", { jobs }), ...others], request).warnings;
}

describe("jobs that a plan has to tell of", () => {
  test.each<[string, JobFacts, readonly string[]]>([
    ["ended well", job(), []],
    ["not begun", job({ state: "new" }), []],
    ["ended badly, for another release: history", job({ release: old, code: 1 }), []],
    ["lost, for another release: history", job({ release: old, state: "lost" }), []],
    [
      "running, of another release",
      job({ release: old, state: "running" }),
      [`migration of ${old} (job m1) is still running on web1`],
    ],
    [
      "running, of no known release",
      job({ release: "", state: "running" }),
      ["migration of an unknown release (job m1) is still running on web1"],
    ],
    [
      "running, another step",
      job({ release: old, state: "running", step: "prepare" }),
      [`prepare command of ${old} (job m1) is still running on web1`],
    ],
    [
      "running, of this release",
      job({ state: "running" }),
      [
        `migration of ${minted} (job m1) is still running on web1: this run follows it and starts no second one`,
      ],
    ],
    [
      "lost",
      job({ state: "lost" }),
      [
        `migration of ${minted} (job m1) on web1 began and did not tell its end: this run stops there; ` +
          "look at the database, then say resolve: retry or resolve: done",
      ],
    ],
    [
      "failed",
      job({ code: 137 }),
      [
        `migration of ${minted} (job m1) on web1 failed with exit code 137: this run stops there unless it is told retry: true`,
      ],
    ],
    [
      "done without a code: not taken for success",
      { id: "m1", state: "done", release: minted },
      [
        `migration of ${minted} (job m1) on web1 failed with an unknown exit code: this run stops there unless it is told retry: true`,
      ],
    ],
    [
      "another version's",
      job({ state: "foreign", release: "" }),
      ["job m1 on web1 was written by another version of deploy: whether it runs is not known"],
    ],
  ])("%s", (_, found, expected) => {
    expect(warningsWith([found])).toEqual(expected);
  });

  test("a reconcile and a rollback run no migration: only what still runs is news", () => {
    const jobs = [job({ code: 1 }), job({ id: "m2", state: "running" })];
    const [, ...others] = fleetOf();
    const facts = [reachedHost("web1", { jobs }), ...others];
    const running = [`migration of ${minted} (job m2) is still running on web1`];
    expect(plan(configOf(), facts, { kind: "rollback" }).warnings).toEqual(running);
    expect(plan(configOf(), facts, reconcileRequest()).warnings).toEqual(running);
  });

  test("where nothing is to be done: what others do here, which may make that untrue", () => {
    const owner = {
      id: "org/shop/41/1",
      repository: "org/shop",
      run: "41",
      attempt: "1",
      actor: "ada",
      commit: old,
      phase: "migrating",
    };
    const live = {
      releases: [releaseOf(old), newRelease("good")],
      current: { kind: "release", release: minted },
    } as const;
    const jobs = [job({ state: "running", release: old }), job({ id: "m2", code: 1 })];
    const lock = { token: 3, owner, expiresIn: 60 };
    const facts = [
      reachedHost("web1", { ...live, jobs, lock }),
      reachedHost("web2", live),
      reachedHost("web3", live),
    ];
    const planned = plan(configOf(), facts, deployRequest());
    expect([planned.changed, planned.warnings]).toEqual([
      false,
      [
        `run 41 of org/shop (ada), commit ${old.slice(0, 7)}, phase migrating is at work here: what is live may be another release when it is over`,
        `migration of ${old} (job m1) is still running on web1`,
      ],
    ]);
    expect(plan(configOf(), facts, deployRequest({ owner: owner.id })).warnings.length).toBe(1);
  });
});

describe("a freeze", () => {
  const frozen = fleetOf({ lock: { token: 3, expiresIn: 0, frozen: "audit until Monday" } });
  const line =
    "frozen · web1 · deploys to production are frozen: audit until Monday. " +
    "Ask whoever froze it, or end the freeze: deploy unfreeze --environment production";
  const late = [...frozen.slice(0, 2), reachedHost("web3", { current: { kind: "none" } })];

  test("names who, and since when", () => {
    const freeze = { by: "laptop:ada@desk:42.1f:n-1", since: "2026-11-21T08:44:50Z" };
    const facts = fleetOf({ lock: { token: 3, expiresIn: 0, frozen: "audit until Monday", freeze } });
    expect(plan(configOf(), facts, deployRequest()).problems[0]?.message).toBe(
      "deploys to production are frozen by ada@desk since 2026-11-21T08:44:50Z: audit until Monday",
    );
  });

  test.each<[string, PlanRequest]>([
    ["a deploy", deployRequest()],
    ["a rollback", { kind: "rollback" }],
    ["a reconcile", reconcileRequest()],
  ])("stops %s, with its reason", (_, request) => {
    expect(
      plan(configOf(), request.kind === "reconcile" ? late : frozen, request).problems.map(formatProblem),
    ).toEqual([line]);
  });

  test("lets the run go on that held the lock before", () => {
    const lock = { token: 3, expiresIn: 60, frozen: "audit", owner };
    const held = fleetOf({ lock });
    expect(plan(configOf(), held, deployRequest({ owner: "r1" })).problems).toEqual([]);
    expect(plan(configOf(), held, deployRequest({ owner: "r2" })).problems.map(({ code }) => code)).toEqual([
      "frozen",
    ]);
    expect(plan(configOf(), held, deployRequest()).problems.map(({ code }) => code)).toEqual(["frozen"]);
  });
});
