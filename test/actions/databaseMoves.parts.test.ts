import { needs, openPgbouncer, openPostgres, type Postgres } from "@deploy/testkit";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { type Fleet, type Job, openFleet } from "./job.ts";
import { type Inputs, inputIn, moveOf, nameIn } from "./steps.ts";

// As backupMoves, of a database that is a real server.

needs("postgres", "pgbouncer")("a PostgreSQL server", () => {
  let postgres: Postgres;
  let fleet: Fleet;
  let job: Job;
  beforeAll(async () => {
    postgres = await openPostgres({ password: "p@ss/word", databases: ["shop"] });
    await postgres.ask("shop", "create table orders (id int primary key); insert into orders values (1)");
    fleet = await openFleet({ PATH: `${process.env.PATH}:${postgres.programs}` });
  });
  afterAll(async () => {
    await Promise.all([fleet?.close(), postgres?.close()]);
  });
  beforeEach(() => {
    job = fleet.job();
    job.configure("backup: { database: postgres, store: backups, minimum-size: 1 }\n");
  });

  const url = (port = postgres.port, password = encodeURIComponent(postgres.password)) =>
    `postgres://${postgres.user}:${password}@127.0.0.1:${port}/shop`;
  const given = (more: Inputs = {}): Inputs => ({ url: url(), ...more });

  test("a URL is given as the input that is named, with what is special in it encoded", async () => {
    const missing = moveOf(await job.step("backup", { url: "" }), "database-url");
    expect(missing).toMatch(/^.*Give it as `url`/);
    const odd = moveOf(await job.step("backup", { url: url(undefined, postgres.password) }), "database-url");
    expect(odd).toMatch(/Percent-encode what is special/);
    await job.works("backup", { [nameIn(missing)]: url() });
  });

  test("behind a pooler the server's own port is given", async () => {
    const pooler = await openPgbouncer(postgres, "transaction");
    const move = moveOf(await job.step("backup", { url: url(pooler.port) }), "database-pooler");
    expect(move).toMatch(/Give the server's own address and port/);
    await job.works("backup", given());
    await pooler.close();
  });

  test("a database in use is replaced once that is stopped, or with the input that is named", async () => {
    await job.deploy();
    await job.works("backup", given());
    const over = given({ confirm: "shop" });
    const session = await postgres.hold("shop");
    const move = moveOf(await job.step("restore", over), "restore-busy");
    expect(move).toMatch(/Stop what the message names/);
    await job.works("restore", { ...over, ...inputIn(move) });
    await session.end().catch(() => {});
  });
});
