import {
  type Backup,
  makeReport,
  type Outcome,
  type OutcomeStep,
  plan,
  type Report,
  type ReportFacts,
  renderFactsMarkdown,
  renderFactsText,
  renderPlanMarkdown,
  renderPlanText,
  renderReportMarkdown,
  type Status,
} from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import {
  allOk,
  deployPlan,
  fleetOf,
  fullConfig,
  liveAll,
  minted,
  newRelease,
  old,
  older,
  outcomeOf,
  reachedHost,
  releaseOf,
  serving,
} from "../fixtures.ts";

const keeping = {
  encryptTo: [],
  from: "leader",
  proof: "read",
  compression: "auto",
  minimum: 64,
  keep: 14,
} as const;
const store = { to: "s3://shop-backups/production", checksums: "crc32" } as const;
const recipients = ["age1a", "age1b"];

describe("a plan says of the backup", () => {
  test.each<[Backup, string]>([
    [
      { database: "postgres", urlSecret: "DATABASE_URL", store, ...keeping },
      "the PostgreSQL database of DATABASE_URL, to s3://shop-backups/production, NOT encrypted; proved by being read whole and read back; the newest 14 are kept",
    ],
    [
      {
        ...{ database: "mariadb", urlSecret: "DB", store: { ...store, endpoint: "https://s3.example.com" } },
        ...{ ...keeping, encryptTo: recipients, from: "runner", proof: "restore", keepFor: 30 * 86_400_000 },
      },
      "the MariaDB database of DB, dumped on the runner, to s3://shop-backups/production at https://s3.example.com, encrypted to age1a and age1b; proved by being read whole, read back and restored into a scratch copy; the newest 14 are kept, and all of the last 30 days",
    ],
    [
      {
        ...{ database: "files", paths: ["uploads", "log"], store, ...keeping, encryptTo: ["age1a"], keep: 1 },
        signedBy: ["MCowA", "MCowB"],
      },
      "shared/uploads and shared/log, to s3://shop-backups/production, encrypted to age1a, signed by MCowA or MCowB; proved by being read whole and read back; only the newest is kept",
    ],
    [
      { database: "command", run: "dump", verify: "check", store, ...keeping, keepFor: 36 * 3_600_000 },
      "what the first command dumps, to s3://shop-backups/production, NOT encrypted; proved by being read whole by the second command and read back; the newest 14 are kept, and all of the last 36 h",
    ],
    [
      { database: "command", run: "dump", verify: "check", ...keeping },
      "what the first command dumps, on the leader's own disk, NOT encrypted; proved by the second command; the newest 14 are kept",
    ],
    [
      { database: "sqlite", path: "a.db", ...keeping },
      "the SQLite file shared/a.db, on the leader's own disk, NOT encrypted; proved by an integrity check; the newest 14 are kept",
    ],
  ])("%j", (backup, words) => {
    const made = deployPlan(fullConfig({ backup }));
    expect(renderPlanText(made)).toContain(`\n  4. backup on web1: ${words}\n`);
    expect(renderPlanMarkdown(made)).toContain("\n| 4 **backup** | web1 | ");
  });

  test("and another keeping is another plan", () => {
    const backup: Backup = { database: "postgres", urlSecret: "DATABASE_URL", store, ...keeping };
    const digests = [backup, { ...backup, encryptTo: ["age1a"] }, { ...backup, keep: 2 }].map(
      (changed) => deployPlan(fullConfig({ backup: changed })).digest,
    );
    expect(new Set(digests).size).toBe(3);
  });
});

const id = "20261121T084000Z-shop-7f3a";
const restore = `deploy restore ${id} --environment production --confirm shop`;
const bound = { id, restore };
const third = "20261122T000000Z-3333333";

describe("a rollback's plan", () => {
  const back = (releases: readonly ReturnType<typeof releaseOf>[], live: string, to: string) =>
    plan(
      fullConfig(),
      ["web1", "web2", "web3"].map((name) => serving(name, live, releases)),
      { kind: "rollback", to },
    );
  const lines = (made: ReturnType<typeof back>) => made.warnings.filter((line) => line.includes("backup"));

  test("names the backup of the release it leaves, with the exact line", () => {
    const made = back([releaseOf(old), { ...newRelease("good"), backup: bound }], minted, old);
    const line = `the database stays as it is now: backup ${id} was made before ${minted}; to bring that data back: ${restore}`;
    expect(lines(made)).toEqual([line]);
    expect(renderPlanText(made)).toContain(`! ${line}\n`);
  });

  test("over several: the one that fits where it lands, then the newer ones; a book of them is cut short", () => {
    const name = (n: number) => `2026120${n}T000000Z-1111111`;
    const many = [1, 2, 3, 4, 5].map((n) =>
      releaseOf(name(n), "good", { backup: { id: `b${n}`, path: `/b/${n}` } }),
    );
    expect(lines(back([releaseOf(old), ...many], name(5), old))).toEqual([
      `the database stays as it is now: backup b1 was made before ${name(1)}; it lies on web1: /b/1`,
      `backup b2 was made before ${name(2)}; it lies on web1: /b/2`,
      `backup b3 was made before ${name(3)}; it lies on web1: /b/3`,
      "and 2 newer backups: deploy backups lists them",
    ]);
  });

  test("says nothing of what only another host than the leader holds, and of what stays behind its target", () => {
    const releases = [releaseOf(old, "good", { backup: bound }), newRelease("good")];
    expect(lines(back(releases, minted, old))).toEqual([]);
    const facts = ["web1", "web2", "web3"].map((name) =>
      serving(name, minted, [
        releaseOf(old),
        name === "web1" ? newRelease("good") : { ...newRelease("good"), backup: bound },
      ]),
    );
    expect(lines(plan(fullConfig(), facts, { kind: "rollback" }))).toEqual([]);
  });

  test("is the same plan whatever is bound: approval is for what is done", () => {
    const plain = back([releaseOf(old), newRelease("good")], minted, old);
    expect(back([releaseOf(old), { ...newRelease("good"), backup: bound }], minted, old).digest).toBe(
      plain.digest,
    );
  });
});

describe("a report", () => {
  const made = deployPlan(fullConfig());
  const step = (name: OutcomeStep, status: Status = "ok", more: Partial<Outcome> = {}) =>
    outcomeOf("web1", name, status, more);
  const backedUp = step("backup", "ok", { backup: bound });
  const report = (outcomes: readonly Outcome[], more: Partial<ReportFacts> = {}): Report =>
    makeReport({
      ...{ plan: made, outcomes, live: liveAll(made, old), timings: { total: 1 } },
      ...{ dryRun: false, cancelled: false, ...more },
    });
  const said = [
    `The database is not taken back. Backup ${id} was made before ${minted}. To bring that data back, without what was written since:`,
    restore,
  ];

  test("of a failed migration, and of one that ran before all went back, ends with the way back", () => {
    const failed = report([backedUp, step("migrate", "failed")]);
    expect([failed.result, failed.backup]).toEqual(["failed", { release: minted, backup: bound }]);
    expect(failed.next.slice(-2)).toEqual(said);
    const switched = [step("switch"), step("health", "failed"), step("revert")];
    const reverted = report([backedUp, step("migrate"), ...switched]);
    expect([reverted.result, reverted.next.slice(-2)]).toEqual(["reverted", said]);
    expect(renderReportMarkdown(reverted)).toContain(`\`\`\`sh\n${restore}\n\`\`\``);
  });

  test("is silent where no migration ran, where one still runs, and where all went well", () => {
    const quiet = [
      report([step("upload", "failed")]),
      report([step("backup", "failed")]),
      report([backedUp]),
      report([backedUp, step("migrate", "skipped")]),
      report([backedUp, step("migrate", "unknown")]),
      report([backedUp, step("migrate", "unknown")], { cancelled: true }),
      report(allOk(made), {
        live: liveAll(made, minted),
      }),
    ];
    expect(quiet.map(({ next }) => next.join().includes("restore"))).toEqual(quiet.map(() => false));
  });

  test("of the last phase alone knows it from the leader", () => {
    const facts = [reachedHost("web1", { releases: [{ ...newRelease("ready"), backup: bound }] })];
    const outcomes = [step("switch"), step("health", "failed"), step("revert")];
    expect(report(outcomes, { facts, phases: ["activate"] }).next.slice(-2)).toEqual(said);
    expect(report(outcomes, { facts: fleetOf(), phases: ["activate"] }).backup).toBeUndefined();
  });

  test("of a rollback names what it left, and only where it was done", () => {
    const facts = ["web1", "web2", "web3"].map((name) =>
      serving(name, minted, [releaseOf(old), { ...newRelease("good"), backup: bound }]),
    );
    const back = plan(fullConfig(), facts, { kind: "rollback" });
    const done = report(allOk(back), { plan: back, facts, live: liveAll(back, old) });
    expect([done.result, done.next]).toEqual([
      "deployed",
      [
        `The database stays as it is now. Backup ${id} was made before ${minted}. To bring that data back, without what was written since:`,
        restore,
      ],
    ]);
    const not = report([step("lock", "failed")], { plan: back, facts, live: liveAll(back, minted) });
    expect([not.result, not.next.join().includes("restore")]).toEqual(["failed", false]);
  });

  test("a cancelled backup is a cancelled run", () => {
    const problem = { code: "backup-cancelled", message: "stopped", hint: "Again.", place: {} } as const;
    expect(report([step("backup", "failed", { problem })], { cancelled: true }).result).toBe("cancelled");
  });
});

test("the status shows which backup was made before which release", () => {
  const releases = [releaseOf(older), releaseOf(old, "good", { backup: bound }), releaseOf(third, "bad")];
  const facts = [reachedHost("web1", { releases })];
  const config = fullConfig({ hosts: fullConfig().hosts.slice(0, 1) });
  expect(renderFactsText(facts, config)).toContain(`  *  ${old}  good  0a1b2c3  backup ${id}\n`);
  expect(renderFactsMarkdown(facts, config)).toContain(
    `| Release | State | Commit | Backup made before |\n| --- | --- | --- | --- |\n| \`${third}\` | bad | \`0a1b2c3\` |  |\n| \`${old}\` | good | \`0a1b2c3\` | \`${id}\` |`,
  );
});
