import { type Config, type News, type Plan, plan, renderPlanMarkdown, renderPlanText } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import {
  commit,
  configOf,
  deployPlan,
  deployRequest,
  fleetOf,
  fullConfig,
  lostHost,
  minted,
  newRelease,
  now,
  old,
  oldCommit,
  reachedHost,
  releaseOf,
  serving,
} from "../fixtures.ts";

const repository = "https://github.com/acme/shop";
const changes = { added: [], changed: ["a"], removed: [], files: 19 };
const votes = { subject: "Votes", author: "Ada" };
const news: News = { now, from: oldCommit, changes, repository };
const made = deployPlan(fullConfig());

/** The line below the title. */
const lineOf = (told: News, of: Plan = made): string => renderPlanMarkdown(of, told).split("\n")[2] ?? "";
const compare = `${repository}/compare/${oldCommit.slice(0, 12)}...${commit.slice(0, 12)}`;

describe("one line of what is new", () => {
  test.each<[string, News, string]>([
    [
      "several commits",
      { ...news, commits: { ahead: 3, behind: 0, last: votes, first: { subject: "Begin", author: "Bob" } } },
      `**Votes** by Ada · [3 commits](${compare}) since \`0a1b2c3\`, the first **Begin** by Bob · live for 22 h · 1 of 19 files changes`,
    ],
    [
      "one commit",
      { ...news, commits: { ahead: 1, behind: 0, last: votes, first: votes } },
      `**Votes** by Ada · [1 commit](${compare}) since \`0a1b2c3\` · live for 22 h · 1 of 19 files changes`,
    ],
    [
      "an earlier commit",
      { ...news, commits: { ahead: 0, behind: 2, last: votes } },
      `**Votes** by Ada · [takes back 2 commits](${compare}) of \`0a1b2c3\` · live for 22 h · 1 of 19 files changes`,
    ],
    [
      "what nobody could say",
      { now, repository },
      "an unknown number of commits since `0a1b2c3` · live for 22 h · changed files unknown",
    ],
  ])("%s", (_, told, line) => {
    expect(lineOf(told)).toBe(line);
  });

  test("of the first release, and of what could not be read", () => {
    const empty = fleetOf({ current: { kind: "none" }, releases: [] });
    expect(lineOf({ now, commits: { last: votes } }, deployPlan(configOf(), empty))).toBe(
      "**Votes** by Ada · the first release here",
    );
    const lost = plan(configOf(), [lostHost("web1"), ...fleetOf().slice(1)], deployRequest());
    expect(lineOf({ now }, lost)).toBe("what is live is unknown");
    expect(renderPlanMarkdown(lost)).toMatch(/^### ❌ Cannot deploy `4f2a91c` to production · shop\n/);
    expect(renderPlanMarkdown(lost)).toContain("| **web1** leader | every role | **unknown** | `4f2a91c` |");
    expect(renderPlanText(lost)).toMatch(/web1 \(leader\) +every role +unknown/);
  });

  test("an address that is no repository's is no link", () => {
    const odd = { ...news, commits: { ahead: 3 }, repository: "https://github.com/a/b](http://e.vil)" };
    expect(lineOf(odd)).not.toContain("](");
  });

  test("the terminal says the same", () => {
    const told = { ...news, commits: { ahead: 2, behind: 1, last: votes, first: votes } };
    expect(renderPlanText(made, told)).toContain(
      "\nVotes by Ada · 2 commits since 0a1b2c3, the first Votes by Ada · live for 22 h · 1 of 19 files changes\n",
    );
    expect(renderPlanText(made, told)).toContain("\n! 1 commit that is live is not in this one.\n");
  });
});

describe("warnings for the unusual alone", () => {
  const safe = {
    ...fullConfig().backup,
    encryptTo: ["age1a"],
    store: { to: "s3://b", checksums: "crc32" },
  } as Config["backup"] & object;
  const warningsOf = (of: Plan, told: News = news): readonly string[] =>
    renderPlanText(of, told)
      .split("\n")
      .filter((line) => line.startsWith("! "));

  test("nothing is said of a plan that is as on most days", () => {
    expect(warningsOf(deployPlan(fullConfig({ backup: safe })))).toEqual([]);
  });

  test.each<[string, Config["backup"] & object, string]>([
    [
      "a folder",
      { ...safe, store: { to: "/b", checksums: "crc32" } },
      "The backup goes to /b, a folder of this machine: a runner's is gone with its job.",
    ],
    [
      "no encryption",
      { ...safe, encryptTo: [] },
      "The backup goes to s3://b, not encrypted: whoever reads the store reads the data.",
    ],
  ])("a backup with %s", (_, backup, words) => {
    expect(warningsOf(deployPlan(fullConfig({ backup })))).toEqual([`! ${words}`]);
  });

  test("a migration without a backup", () => {
    const { backup: _, ...config } = fullConfig();
    expect(warningsOf(deployPlan(config))).toEqual([
      "! No backup is made before the migration: data that it breaks cannot be brought back.",
    ]);
  });

  test("no health check, no reload; a check that asks for the release's id sees that a reload is missing", () => {
    const { health } = fullConfig().activate;
    const without = (more: object) =>
      warningsOf(deployPlan(configOf({ activate: { strategy: "all", reload: [], ...more } })));
    expect(without({}).map((line) => line.slice(0, 30))).toEqual(
      ["! There is no health check: whe", "! Nothing is reloaded: an appli"].map((line) => line.slice(0, 30)),
    );
    expect(without({ health })).toEqual([]);
    expect(without({ health: { ...health, expectRelease: false } })).toEqual([
      "! Nothing is reloaded: an application that has loaded its code goes on with the old one.",
    ]);
  });

  const migration = "polls/migrations/0003_votes.py";
  const told = { ...news, changes: { ...changes, added: [migration, "polls/a.py"] } };

  test("new migrations, and who runs them", () => {
    expect(renderPlanMarkdown(made, told)).toContain(
      `> [!WARNING]\n> Migrations change: \`${migration}\` is new. A rollback does not undo it.\n`,
    );
    const { migrate: _, backup: __, ...config } = fullConfig();
    expect(warningsOf(deployPlan(config), told)).toEqual([
      `! Migrations change: ${migration} is new. No step of this plan runs it.`,
    ]);
  });

  test("a rollback names the migrations that stay", () => {
    const facts = ["web1", "web2", "web3"].map((name) =>
      serving(name, minted, [releaseOf(old), newRelease("good")]),
    );
    const back = plan(fullConfig(), facts, { kind: "rollback" });
    const gone = { ...news, changes: { ...changes, removed: [migration] } };
    expect(warningsOf(back, gone)[0]).toBe(
      `! Migrations differ: ${migration} is in the live release alone, and is not undone.`,
    );
  });

  test("a commit that went back before: its release is bad somewhere, or a journal says so", () => {
    const bad = newRelease("bad", "20261121T080000Z-4f2a91c");
    const journal = [
      "not a line",
      "null",
      `{"from":"20261121T070000Z-4f2a91c","to":"${old}","step":"revert","result":"ok"}`,
      `{"from":"${old}","to":"20261121T070000Z-4f2a91c","step":"activate","result":"ok"}`,
    ];
    const facts = [
      reachedHost("web1", { releases: [releaseOf(old), bad] }),
      reachedHost("web2", { journal }),
      reachedHost("web3"),
    ];
    expect(deployPlan(configOf(), facts).warnings).toEqual([
      "this commit went back before, on web1 and web2: release 20261121T070000Z-4f2a91c and 20261121T080000Z-4f2a91c",
    ]);
    expect(deployPlan(configOf()).warnings).toEqual([]);
  });
});

describe("the way back", () => {
  const lastOf = (told: News, of = made) =>
    /\*\*(?:To go back|No way).*/.exec(renderPlanMarkdown(of, told))?.[0];

  test("is a link where there is a workflow for it, and a command", () => {
    const command = "`deploy rollback --environment production`";
    expect(lastOf({ ...news, rollbackWorkflow: "rollback.yml" })).toBe(
      `**To go back afterwards**, to \`0a1b2c3\`: run the workflow [rollback.yml](${repository}/actions/workflows/rollback.yml), or ${command}`,
    );
    expect(lastOf(news)).toBe(`**To go back afterwards**, to \`0a1b2c3\`: ${command}`);
  });

  test("is none where a step closes it", () => {
    const migrate = { ...fullConfig().migrate, after: "x" } as Config["migrate"] & object;
    expect(lastOf(news, deployPlan(fullConfig({ migrate })))).toMatch(/^\*\*No way back\*\*/);
  });
});
