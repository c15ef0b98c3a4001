import { makeBackup } from "@deploy/backup";
import type { Source } from "@deploy/remote";
import type { Store } from "@deploy/store";
import {
  codeOf,
  type Mariadb,
  needs,
  openMariadb,
  openPostgres,
  openStage,
  type Postgres,
  type Stage,
} from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";

const parts = [
  "sshd",
  "versitygw",
  "age",
  "postgres",
  "mariadbd",
  "mariadb",
  "mariadb-dump",
  "mariadb-install-db",
] as const;

/** More than all pipes, windows and buffers between a dump and a store that takes nothing. */
const rows = 200_000;

needs(...parts)("tables that are changed while they are dumped", () => {
  let stage: Stage;
  let postgres: Postgres;
  let mariadb: Mariadb;
  beforeAll(async () => {
    [stage, postgres, mariadb] = await Promise.all([
      openStage(),
      openPostgres({ databases: ["shop"] }),
      openMariadb({ databases: ["shop"] }),
    ]);
    const big = (from: string) => `create table big as select n, md5(n) a, md5(n + 1) b from ${from};`;
    await Promise.all([
      postgres.ask(
        "shop",
        big(`(select n::text as n from generate_series(1, ${rows}) n) s`).replace("n + 1", "n || 1"),
      ),
      mariadb.ask("shop", `${big(`(select seq n from seq_1_to_${rows}) s`)} create table z (x int);`),
    ]);
  });
  afterAll(() => Promise.all([stage?.close(), postgres?.close(), mariadb?.close()]));

  /** A backup that stands still behind its first bytes, while `meanwhile` is done. */
  async function during(source: Source, meanwhile: () => Promise<void>) {
    let begun = () => {};
    const beginning = new Promise<void>((done) => {
      begun = done;
    });
    let go = () => {};
    const going = new Promise<void>((done) => {
      go = done;
    });
    async function* held(body: AsyncIterable<Uint8Array>) {
      let size = 0;
      for await (const chunk of body) {
        yield chunk;
        // The age header comes before the dump begins.
        size += chunk.length;
        if (size < 100_000) continue;
        begun();
        await going;
      }
    }
    const putStream: Store["putStream"] = (key, body, options) =>
      stage.store.putStream(key, held(body), options);
    const store: Store = Object.assign(Object.create(stage.store), { putStream });
    const making = makeBackup(stage.request(source, { store, compression: "none" }));
    making.catch(() => {});
    await Promise.race([beginning, making]);
    try {
      await meanwhile();
    } finally {
      go();
    }
    return making;
  }

  test("PostgreSQL makes them wait; what is new or written meanwhile is not in it", async () => {
    const { server, ...rest } = postgres.source("shop");
    const source = { ...rest, server: { ...server, host: postgres.socket } };
    const before = await postgres.dump("shop");
    const made = await during(source, async () => {
      const alter = postgres.ask("shop", "set lock_timeout = '200ms'; alter table big add column more int;");
      await expect(alter).rejects.toThrow("lock timeout");
      await postgres.ask("shop", "insert into big values ('late'); create table late (x int);");
    });
    await stage.restore(made, source, { kind: "new", name: "again" });
    expect((await postgres.dump("again")) === before).toBe(true);
  });

  test("MariaDB does not, so it is no backup, and nothing is stored", async () => {
    const there = await stage.keys();
    const source = mariadb.source("shop", { host: mariadb.socket });
    const making = during(
      source,
      async () => void (await mariadb.ask("shop", "alter table z add more int, algorithm=copy")),
    );
    expect(await codeOf(making)).toBe("backup-failed");
    expect(await stage.keys()).toEqual(there);
  });
});
