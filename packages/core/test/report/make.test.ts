import {
  type Live,
  makeReport,
  type Outcome,
  type Plan,
  plan,
  type Report,
  renderReportMarkdown,
  renderReportText,
} from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import {
  allOk,
  configOf,
  deployPlan,
  deployRequest,
  fleetOf,
  liveAll,
  lostHost,
  minted,
  newRelease,
  old,
  outcomeOf,
  releaseOf,
  serving,
} from "../fixtures.ts";

const whole = deployPlan();
const lockProblem = {
  code: "locked",
  message: "run 4711 has been deploying since 14:02",
  hint: "Wait.",
  place: {},
} as const;

function make(
  outcomes: readonly Outcome[],
  live: readonly Live[],
  more: Partial<Parameters<typeof makeReport>[0]> = {},
): Report {
  return makeReport({
    plan: whole,
    outcomes,
    live,
    timings: { total: 1 },
    dryRun: false,
    cancelled: false,
    ...more,
  });
}

function gist({ result, exitCode, changed, headline, next }: Report): unknown {
  return { result, exitCode, changed, headline, next };
}

describe("a report", () => {
  test("holds everything, host by host", () => {
    const outcomes = allOk(whole);
    expect(make(outcomes, liveAll(whole, minted), { timings: { total: 9, window: 2 } })).toEqual({
      schema: 1,
      result: "deployed",
      exitCode: 0,
      headline: "4f2a91c is live on 3 hosts of production",
      dryRun: false,
      app: "shop",
      environment: "production",
      kind: "deploy",
      release: minted,
      previous: old,
      changed: true,
      planDigest: whole.digest,
      migrated: "none",
      hosts: ["web1", "web2", "web3"].map((host) => ({
        host,
        before: old,
        now: minted,
        outcomes: outcomes.filter((outcome) => outcome.host === host),
      })),
      problems: [],
      warnings: [],
      next: [`To go back to ${old}:`, "deploy rollback --environment production"],
      timings: { total: 9, window: 2 },
    });
  });

  test("of a failed upload says where, why, and that nothing changed", () => {
    const outcomes = [
      outcomeOf("web2", "upload", "failed", { detail: "no space" }),
      outcomeOf("web1", "upload"),
    ];
    const report = make(outcomes, liveAll(whole, old));
    expect(gist(report)).toEqual({
      result: "failed",
      exitCode: 1,
      changed: false,
      headline: "production did not get 4f2a91c: upload failed on web2 (no space); nothing was changed",
      next: [
        "Read this step's output in the log of the run.",
        "Then run it again: it goes on with what is there.",
      ],
    });
    expect(report.problems).toEqual([
      {
        code: "step-failed",
        message: "no space",
        hint: "Read this step's output in the log of the run.",
        place: { host: "web2", step: "upload" },
      },
    ]);
  });

  test("never says nothing was changed where a migration began", () => {
    expect(
      make([outcomeOf("web1", "migrate", "failed", { detail: "exit 1" })], liveAll(whole, old)).headline,
    ).toBe(
      "production did not get 4f2a91c: migrate failed on web1 (exit 1); no server was switched, but the migration has touched the database",
    );
  });

  test("tells problems by step and host, not by who was faster", () => {
    const outcomes = ["web3 upload", "web1 upload", "web2 lock", "web1 lock"].map((words) => {
      const [host = "", step = ""] = words.split(" ");
      return outcomeOf(host, step as Outcome["step"], "failed", { detail: "refused" });
    });
    const places = make(outcomes, liveAll(whole, old)).problems.map(({ place }) => place);
    expect(places).toEqual([
      { host: "web1", step: "upload" },
      { host: "web3", step: "upload" },
      { host: "web1", step: "lock" },
      { host: "web2", step: "lock" },
    ]);
  });

  test("of a mixed fleet counts who serves what, and names the moves", () => {
    const live = [
      { host: "web1", release: minted },
      { host: "web2", release: old },
      { host: "web3", release: undefined },
    ];
    const outcomes = [...allOk(whole), outcomeOf("web3", "revert", "unknown", { detail: "connection lost" })];
    const report = make(outcomes, live);
    expect(gist(report)).toEqual({
      result: "attention",
      exitCode: 4,
      changed: true,
      headline: `production needs attention: web1 serves ${minted}, web2 serves ${old}, web3 could not be read; revert is unknown on web3 (connection lost)`,
      next: [
        "Do not start another change before you know what each host serves; the lock is kept where this run held it.",
        "deploy status --environment production",
        "When every host can be reached, run this deploy again: it brings all hosts to one release. Or go back:",
        "deploy rollback --environment production",
      ],
    });
    expect(report.problems.map(({ code, place }) => [code, place.host])).toEqual([
      ["step-failed", "web3"],
      ["live-unknown", "web3"],
    ]);
  });

  test("of a plan with problems repeats each once", () => {
    const stopped = plan(configOf(), [lostHost("web1"), ...fleetOf().slice(1)], deployRequest());
    const report = make([], [], { plan: stopped, extraProblems: stopped.problems });
    expect(report.problems).toEqual(stopped.problems);
    expect(report.headline).toBe(
      "production did not get 4f2a91c: web1: port 22 is closed; nothing was changed",
    );
  });

  test("of a held lock, a cancelled run, a dry run, a prepared fleet", () => {
    const held = make([outcomeOf("web1", "lock", "failed", { problem: lockProblem })], liveAll(whole, old));
    expect([held.result, held.exitCode, held.headline]).toEqual([
      "locked",
      5,
      "production did not get 4f2a91c: lock failed on web1 (run 4711 has been deploying since 14:02)",
    ]);
    const cancelled = make([], liveAll(whole, old), { cancelled: true });
    expect([cancelled.exitCode, cancelled.headline]).toEqual([
      130,
      "Cancelled: production did not get 4f2a91c, nothing was changed",
    ]);
    const dry = make(allOk(whole), liveAll(whole, minted), { dryRun: true });
    expect([dry.result, dry.exitCode, dry.changed, dry.headline]).toEqual([
      "planned",
      0,
      false,
      "Dry run: 4f2a91c to 3 hosts of production: switch together; nothing was changed",
    ]);
    const prepared = make(allOk(whole), liveAll(whole, old), { phases: ["prepare"] });
    expect([prepared.result, prepared.exitCode, prepared.headline]).toEqual([
      "prepared",
      0,
      "4f2a91c is prepared on 3 hosts of production: nothing is switched yet",
    ]);
  });

  test("of a rollback, and of nothing to do", () => {
    const facts = ["web1", "web2", "web3"].map((name) =>
      serving(name, minted, [releaseOf(old), newRelease("good")]),
    );
    const back: Plan = plan(configOf(), facts, { kind: "rollback" });
    const gone = make(allOk(back), liveAll(back, old), { plan: back });
    expect(renderReportText(gone).split("\n")[0]).toBe(
      `ROLLED BACK  ${old} is live again on 3 hosts of production`,
    );
    expect(renderReportMarkdown(gone)).toMatch(
      /^### ✅ ROLLED BACK: production serves `0a1b2c3` again · shop\n/,
    );
    const idle = plan(configOf(), facts, deployRequest());
    expect(gist(make([], liveAll(idle, minted), { plan: idle }))).toEqual({
      result: "deployed",
      exitCode: 0,
      changed: false,
      headline: "Nothing to do: 4f2a91c is live on 3 hosts",
      next: [],
    });
  });

  test("quotes an environment's name in commands", () => {
    const odd = deployPlan(configOf({ environment: "it's $(id)" }));
    expect(make(allOk(odd), liveAll(odd, minted), { plan: odd }).next[1]).toBe(
      "deploy rollback --environment 'it'\\''s $(id)'",
    );
  });
});
