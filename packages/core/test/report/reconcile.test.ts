import {
  type Facts,
  type Live,
  makeReport,
  type Outcome,
  type Plan,
  plan,
  type Report,
  renderPlanMarkdown,
  renderPlanText,
  renderReportMarkdown,
  renderReportText,
  stepsOf,
} from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import {
  allOk,
  configOf,
  fullConfig,
  lostHost,
  minted,
  newRelease,
  old,
  outcomeOf,
  reachedHost,
  reconcileRequest,
  releaseOf,
  serving,
} from "../fixtures.ts";

const done = (host: string) => serving(host, minted, [releaseOf(old), newRelease("good")]);
const late = (host: string) => reachedHost(host, { releases: [releaseOf(old), newRelease("ready")] });
const planFor = (facts: readonly Facts[], config = configOf()): Plan =>
  plan(config, facts, reconcileRequest());

/** One late host, one that serves it. */
const one = planFor([done("web1"), late("web2"), done("web3")]);
/** One late host, one out of reach. */
const short = planFor([done("web1"), late("web2"), lostHost("web3")]);

const liveOf = (...releases: readonly (string | null | undefined)[]): readonly Live[] =>
  ["web1", "web2", "web3"].map((host, index) => ({ host, release: releases[index] }));

function make(made: Plan, outcomes: readonly Outcome[], live: readonly Live[], cancelled = false): Report {
  return makeReport({ plan: made, outcomes, live, timings: { total: 1 }, dryRun: false, cancelled });
}

function gist({ result, exitCode, changed, headline, next }: Report): unknown {
  return { result, exitCode, changed, headline, next };
}

describe("a reconcile's report", () => {
  test("deployed: the late host followed, and the others serve it still", () => {
    expect(gist(make(one, allOk(one), liveOf(minted, minted, minted)))).toEqual({
      result: "deployed",
      exitCode: 0,
      changed: true,
      headline: `${minted} is live on 3 hosts of production`,
      next: [],
    });
  });

  test("attention: a host that no step names does not serve it any more, or was not read", () => {
    const again = [
      "When every host can be reached, reconcile again:",
      "deploy reconcile --environment production",
    ];
    expect(gist(make(one, allOk(one), liveOf(minted, minted, old)))).toMatchObject({
      result: "attention",
      exitCode: 4,
      headline: `production needs attention: web1 and web2 serve ${minted}, web3 serves ${old}; the run ended before every step was done`,
    });
    expect(gist(make(one, allOk(one), liveOf(minted, minted, undefined)))).toMatchObject({
      result: "attention",
      next: again,
    });
  });

  test("a host out of reach: the others followed, and the exit code is 4 all the same", () => {
    const report = make(short, allOk(short), liveOf(minted, minted, undefined));
    expect(gist(report)).toEqual({
      result: "attention",
      exitCode: 4,
      changed: true,
      headline: `${minted} is live on 2 of 3 hosts of production: web3 could not be reached`,
      next: ["When every host can be reached, reconcile again:", "deploy reconcile --environment production"],
    });
    expect([report.problems.map(({ code, place }) => [code, place.host]), report.warnings]).toEqual([
      [["live-unknown", "web3"]],
      ["web3 is left out, it could not be read: port 22 is closed"],
    ]);
    // That it served nothing is what the plan did not know, not what a host said.
    expect(make(short, allOk(short), liveOf(minted, minted, null))).toEqual(report);
  });

  test("a host that came back serving the release is well", () => {
    expect(make(short, allOk(short), liveOf(minted, minted, minted)).result).toBe("deployed");
  });

  test("nothing to do, and a host out of reach", () => {
    const idle = planFor([done("web1"), done("web2"), lostHost("web3")]);
    expect(gist(make(idle, [], liveOf(minted, minted, null)))).toEqual({
      result: "attention",
      exitCode: 4,
      changed: false,
      headline: `${minted} is live on 2 of 3 hosts of production: web3 could not be reached`,
      next: ["When every host can be reached, reconcile again:", "deploy reconcile --environment production"],
    });
    const whole = planFor(["web1", "web2", "web3"].map(done));
    expect(gist(make(whole, [], liveOf(minted, minted, minted)))).toEqual({
      result: "deployed",
      exitCode: 0,
      changed: false,
      headline: `Nothing to do: ${minted} is live on 3 hosts`,
      next: [],
    });
  });

  const unhealthy = [
    outcomeOf("web2", "switch"),
    outcomeOf("web2", "health", "failed", { detail: "503" }),
    outcomeOf("web2", "revert"),
  ];

  test("reverted: the late host went back, nobody else had to", () => {
    expect(gist(make(one, unhealthy, liveOf(minted, old, minted)))).toMatchObject({
      result: "reverted",
      exitCode: 3,
      headline: `${minted} failed, web2 went back: health failed on web2 (503)`,
    });
    expect(make(one, unhealthy, liveOf(minted, minted, minted)).result).toBe("attention");
    expect(make(one, unhealthy, liveOf(old, old, minted)).result).toBe("attention");
    expect(make(short, unhealthy, liveOf(minted, old, null)).result).toBe("reverted");
  });

  test("a live release that cannot be proved has nowhere to go back to", () => {
    const unproved = planFor([
      done("web1"),
      serving("web2", minted, [releaseOf(old), newRelease("active")]),
      late("web3"),
    ]);
    expect(stepsOf(unproved).map(({ step, hosts }) => [step, hosts])).toEqual([
      ["switch", ["web2", "web3"]],
      ["finish", ["web2", "web3"]],
    ]);
    const outcomes = [...unhealthy, outcomeOf("web3", "switch"), outcomeOf("web3", "revert")];
    const report = make(unproved, outcomes, liveOf(minted, minted, old));
    expect([report.result, report.next]).toEqual([
      "attention",
      [
        "Do not start another change before you know what each host serves.",
        "deploy status --environment production",
        "When every host can be reached, reconcile again:",
        "deploy reconcile --environment production",
      ],
    ]);
  });

  test("failed, locked, cancelled: nothing was changed", () => {
    const before = liveOf(minted, old, minted);
    expect(
      gist(make(one, [outcomeOf("web2", "switch", "failed", { detail: "refused" })], before)),
    ).toMatchObject({
      result: "failed",
      headline: "production was not reconciled: switch failed on web2 (refused); nothing was changed",
    });
    expect(make(one, [], before, true).headline).toBe(
      "Cancelled: production was not reconciled, nothing was changed",
    );
    expect(make(short, [outcomeOf("web2", "switch", "failed")], liveOf(minted, old, null)).result).toBe(
      "failed",
    );
    const stopped = planFor([lostHost("web1"), done("web2"), done("web3")]);
    expect(gist(make(stopped, [], liveOf(null, minted, minted)))).toMatchObject({
      result: "failed",
      exitCode: 1,
      headline: "production was not reconciled: web1: port 22 is closed; nothing was changed",
    });
  });
});

describe("a reconcile, rendered", () => {
  const made = planFor(
    [done("web1"), late("web2"), lostHost("web3")],
    fullConfig({ prepare: [], activate: configOf().activate }),
  );

  test("as text", () => {
    expect(renderPlanText(made)).toBe(`Plan: reconcile production to 20261121T084450Z-4f2a91c · shop
1 of 3 hosts to 20261121T084450Z-4f2a91c

! There is no health check: whether the release works is not looked at, and nothing goes back by itself.
! Nothing is reloaded: an application that has loaded its code goes on with the old one.
! web3 is left out, it could not be read: port 22 is closed

Hosts, in /var/www/shop, as deploy
  host           roles        now                       then
  web1 (leader)  web          20261121T084450Z-4f2a91c  20261121T084450Z-4f2a91c
  web2           web          20261120T101010Z-0a1b2c3  20261121T084450Z-4f2a91c
  web3           web, worker  unknown                   left out

Steps
  1. switch on web2: current is replaced
  2. finish on web2: mark the release good

plan ${made.digest}
`);
  });

  test("as Markdown", () => {
    const [head] = renderPlanMarkdown(made).split("\n<sub>");
    expect(head).toBe(`### Plan: reconcile production to \`4f2a91c\` · shop

> [!CAUTION]
> - There is no health check: whether the release works is not looked at, and nothing goes back by itself.
> - Nothing is reloaded: an application that has loaded its code goes on with the old one.

> [!WARNING]
> web3 is left out, it could not be read: port 22 is closed

| host | roles | live now (UTC) | will be |
| --- | --- | --- | --- |
| **web1** leader | web | \`4f2a91c\` 21 Nov 2026 08:44 | the same |
| **web2** | web | \`0a1b2c3\` 20 Nov 2026 10:10 | \`4f2a91c\` |
| **web3** | web, worker | **unknown** | left out |

| step | where | what |
| --- | --- | --- |
| 1 **switch** | web2 | \`current\` is replaced |
`);
  });

  test("the report: what was never read is not known, before and now", () => {
    const report = make(short, allOk(short), liveOf(minted, minted, null));
    expect(renderReportText(report).split("\n").slice(2, 6)).toEqual([
      "host  before                    now                       result       reason",
      "web1  20261121T084450Z-4f2a91c  20261121T084450Z-4f2a91c  not touched",
      "web2  20261120T101010Z-0a1b2c3  20261121T084450Z-4f2a91c  ok           finish ok",
      "web3  not known                 not known                 not touched",
    ]);
    expect(renderReportMarkdown(report)).toContain("| **web3** | not known | **not known** | not touched |");
  });
});

describe("a migration's terms, in words", () => {
  const words = (changes: object): string | undefined => {
    const migrate = { run: "x", onCancel: "keep", grace: 10_000, silence: 90_000, ...changes } as const;
    const made = plan(
      configOf({ migrate }),
      ["web1", "web2", "web3"].map((name) => reachedHost(name)),
      {
        kind: "deploy",
        now: new Date(0),
        commit: "",
        artifact: { digest: "", manifest: "", files: 1, bytes: 1 },
      },
    );
    return renderPlanText(made)
      .split("\n")
      .find((line) => line.includes("migrate on"))
      ?.split("folder; ")[1];
  };

  test.each<[object, string]>([
    [{}, "a cancelled run leaves it running; 1 min 30 s without output are reported"],
    [
      { timeout: 1_800_000, silence: 300_000 },
      "a cancelled run leaves it running; 5 min without output are reported; the run stops waiting after 30 min",
    ],
    [
      { onCancel: "terminate", timeout: 7_200_000, silenceTimeout: 600_000 },
      "a cancelled run ends it (TERM, after 10 s KILL); 1 min 30 s without output are reported; the run ends it after 2 h or after 10 min without output",
    ],
  ])("%j", (changes, expected) => {
    expect(words(changes)).toBe(expected);
  });
});
