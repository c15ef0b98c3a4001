import { type Facts, makeReport, type Plan, plan, type Report } from "@deploy/core";
import {
  deployRequest,
  fleetOf,
  fullConfig,
  liveAll,
  lostHost,
  minted,
  old,
  outcomeOf,
  reachedHost,
} from "../fixtures.ts";

const names = ["web1", "web2", "web3"];

/** A deploy with everything in it, one warning and one removal per host. */
export function plannedScene(): Plan {
  const facts = fleetOf().map((host) => (host.host === "web2" ? { ...host, strangers: ["x|y"] } : host));
  const { activate } = fullConfig();
  const diagnose = [{ run: "journalctl --user -u shop -n 30", roles: [] }];
  return plan(fullConfig({ keepReleases: 2, activate: { ...activate, diagnose } }), facts, deployRequest());
}

/** Health fails on web2, all go back. */
export function revertedScene(): Report {
  const made = plannedScene();
  const problem = {
    code: "http-failed",
    message: "http://127.0.0.1:8080/up on web2 answered 500, expected 200",
    hint: "Look at the application's log.",
    place: {},
    evidence: [{ title: "the answer", text: "<h1>Oops</h1>\nat line 4" }],
  } as const;
  const outcomes = [
    ...names.map((name) => outcomeOf(name, "switch")),
    outcomeOf("web2", "health", "failed", { problem, detail: problem.message }),
    ...names.map((name) => outcomeOf(name, "revert", "ok", { detail: `serves ${old} again` })),
  ];
  return makeReport({
    plan: made,
    outcomes,
    live: liveAll(made, old),
    timings: { total: 12_345, window: 240 },
    dryRun: false,
    cancelled: false,
  });
}

/** One host locked by a run and without its .env, one fine, one lost. */
export function statusScene(): readonly Facts[] {
  const owner = {
    id: "r1",
    repository: "org/shop",
    run: "4711",
    attempt: "1",
    actor: "ada",
    commit: "4f2a91c0",
    phase: "data",
  };
  return [
    reachedHost("web1", {
      journal: ['{"step":"activate"}'],
      lock: { token: 1, expiresIn: 60, owner, frozen: "stock-taking | until Monday" },
      jobs: [
        {
          id: "m-1",
          state: "done",
          code: 137,
          release: old,
          step: "migrate",
          tail: ["adding |index|", "::error::x"],
        },
        { id: "m-2", state: "running", release: minted },
      ],
      missingShared: [".env"],
      strangers: ["tmp"],
    }),
    reachedHost("web2", { current: { kind: "dangling", target: "releases/1" }, releases: [] }),
    lostHost("web3"),
  ];
}
