import { needs, until } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openPostgres, type Postgres } from "./postgres.ts";
import { startRun, toldIn } from "./seen.ts";
import { openStage, type Stage } from "./stage.ts";

const describe = needs("sshd", "ip", "postgres");

/** The query of docs/guides/migrations.md: who waits for whom. */
const blockers =
  "SELECT w.query || ' waits for session ' || b.pid || ': ' || b.query FROM pg_stat_activity w " +
  "JOIN LATERAL unnest(pg_blocking_pids(w.pid)) AS p(pid) ON true JOIN pg_stat_activity b ON b.pid = p.pid";

describe("a migration of PostgreSQL that another session blocks", () => {
  let stage: Stage;
  let postgres: Postgres;
  beforeAll(async () => {
    [stage, postgres] = await Promise.all([openStage({ hosts: 1 }), openPostgres()]);
  });
  afterAll(async () => {
    await stage.close();
    await postgres.close();
  });

  /** A table that a session holds, and the migration that waits for it. */
  const blocked = async (table: string, options = "") => {
    await postgres.ask(`CREATE TABLE ${table} (id int)`);
    const session = await postgres.hold(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
    const alter = postgres.client(`ALTER TABLE ${table} ADD COLUMN price int`, options);
    return { session, run: `echo altering ${table}; ${alter} && echo altered` };
  };

  const waiting = (table: string): Promise<string> => {
    const query = `SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'ALTER TABLE ${table} %'`;
    return postgres.ask(query);
  };

  const columns = (table: string): Promise<string> =>
    postgres.ask(`SELECT count(*) FROM information_schema.columns WHERE table_name = '${table}'`);

  test("its silence is told, with its process and last line; it ends when it gets what it waits for", async () => {
    const { session, run } = await blocked("silent");
    const scene = await stage.open("silent", {
      migrate: { run, silence: "2s", diagnose: postgres.client(blockers) },
    });
    const first = startRun(scene.settings);
    const told = () => first.notes().find((text) => text.includes("it waits for"));
    await until("a note", () => told() !== undefined);
    const note = told();
    const [, pid = ""] = note?.match(/process (\d+) alive/) ?? [];
    await session.end();
    const report = await first.report;
    expect(note).toMatch(
      /^no output of the migration for \d+ s, process \d+ alive, last line: altering silent; it waits for: ALTER TABLE silent .* waits for session \d+: LOCK TABLE silent /,
    );
    expect(Number(pid)).toBeGreaterThan(1);
    expect([toldIn(report), first.output(), await columns("silent")]).toEqual([
      "deployed: exited 0",
      "altering silent\naltered\n",
      "2",
    ]);
  });

  test.each([
    ["goes on in the server: that is seen there, and nothing is activated", "orphan", "", "1"],
    [
      "is aborted where the server looks after its clients",
      "tidy",
      "-c client_connection_check_interval=100ms",
      "0",
    ],
  ])("whose client is ended by on-cancel: terminate %s", async (_, table, options, left) => {
    const { session, run } = await blocked(table, options);
    const scene = await stage.open(table, { migrate: { run, "on-cancel": "terminate", grace: "1s" } });
    const cancel = new AbortController();
    const first = startRun(scene.settings, cancel.signal);
    while ((await waiting(table)) !== "1") await scene.printed(`altering ${table}`);
    cancel.abort();
    const report = await first.report;
    if (left === "0") while ((await waiting(table)) !== "0");
    expect([report.result, report.problems[0]?.code, await waiting(table)]).toEqual([
      "cancelled",
      "job-ended",
      left,
    ]);
    expect(scene.live()).toEqual(["none"]);
    await session.end();
  });
});
