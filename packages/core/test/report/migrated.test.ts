import {
  type JobFacts,
  makeReport,
  type Outcome,
  type Phase,
  renderReportMarkdown,
  type Said,
} from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import {
  configOf,
  deployPlan,
  fullConfig,
  liveAll,
  minted,
  old,
  outcomeOf,
  reachedHost,
} from "../fixtures.ts";

const made = deployPlan(fullConfig());
const backup = { id: "b-1", restore: "deploy restore b-1" };

function page(
  outcomes: readonly Outcome[],
  phases: readonly Phase[] = ["data"],
  jobs: readonly JobFacts[] = [],
  said: readonly Said[] = [],
) {
  const facts = [reachedHost("web1", { jobs })];
  const timings = { total: 1 };
  const run = { plan: made, phases, outcomes, live: liveAll(made, old), facts, timings, dryRun: false };
  return renderReportMarkdown(makeReport({ ...run, cancelled: false }), said);
}

const saved = outcomeOf("web1", "backup", "ok", { backup });
const failed = (step: Outcome["step"]) => outcomeOf("web1", step, "failed");

describe("whether the database was migrated, and a way back for the data only where it was", () => {
  const job = { id: "m", state: "done", release: minted, code: 0 } as const;

  test.each<[string, string, boolean, string]>([
    ["not begun", page([failed("backup")]), false, "**no**."],
    ["skipped", page([saved, outcomeOf("web1", "migrate", "skipped")]), false, "**no**."],
    [
      "ended badly",
      page([saved, failed("migrate")]),
      true,
      "**in part**, perhaps: its migration began and did not end well.",
    ],
    ["nobody knows", page([saved, outcomeOf("web1", "migrate", "unknown")]), false, "**unknown**."],
    ["by a step before", page([failed("switch")], ["activate"], [job]), false, "**yes**, and it stays so."],
    ["by a step before, as far as is known", page([failed("switch")], ["activate"]), false, "**unknown**."],
  ])("%s", (_, text, restores, words) => {
    expect(/^The database [^:]*: (.*)$/m.exec(text)?.[1]).toBe(words);
    expect(text.includes(backup.restore)).toBe(restores);
  });

  test("a release without a migration says nothing of it", () => {
    const plain = deployPlan(configOf());
    const run = {
      plan: plain,
      outcomes: [failed("upload")],
      live: liveAll(plain, old),
      timings: { total: 1 },
    };
    const report = makeReport({ ...run, dryRun: false, cancelled: false });
    expect(report.migrated).toBe("none");
    expect(renderReportMarkdown(report)).not.toContain("The database");
  });
});

describe("what hosts printed", () => {
  const lines = Array.from({ length: 500 }, (_, index) => `line ${index}`).join("\n");
  const said = [
    { host: "web1", step: "migrate", text: `${lines}\n\`\`\`\n::error::x\n` },
    { host: "web1", step: "backup", text: "not asked for" },
  ];

  test("is read at once where it failed: its end, bounded", () => {
    const text = page([saved, failed("migrate")], ["data"], [], said);
    const block = /````text\n([\s\S]*?)\n````/.exec(text)?.[1]?.split("\n") ?? [];
    expect([block.length, block[0], block.at(-1)]).toEqual([
      30,
      "web1 migrate  line 472",
      "web1 migrate  ::error::x",
    ]);
    expect(text).not.toContain("not asked for");
  });

  test("of a migration that went well, can be opened", () => {
    const text = page([saved, outcomeOf("web1", "migrate")], ["data"], [], said);
    expect(text).toMatch(/^<details><summary>✅ Prepared: 4f2a91c · backup, migrate · 1 ms<\/summary>\n/);
    expect(text).toContain(
      "<details><summary>The end of what migrate printed on web1</summary>\n\n````text\nline 302\n",
    );
    expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
  });
});
