import { readdirSync } from "node:fs";
import { join } from "node:path";
import { needs, openPostgres, type Postgres } from "@deploy/testkit";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { countRows, dropDatabase, dump, inspectSource, swapDatabase } from "../../src/index.ts";
import { binSh } from "../host.ts";
import { awkward } from "./awkward.ts";
import { type DumpHost, dumpHost } from "./host.ts";
import { shells } from "./shells.ts";

const auto = { compression: "auto" } as const;

needs("postgres")("a dump of PostgreSQL", () => {
  let server: Postgres;
  let host: DumpHost;
  beforeAll(async () => {
    server = await openPostgres();
    await server.ask("postgres", "create database shop;");
    await server.ask("shop", `${awkward} create role web;`);
  });
  afterAll(() => server.close());
  afterEach(() => {
    expect(readdirSync(join(host.home, "tmp"))).toEqual([]);
    host.remove();
  });
  const databases = async () =>
    (await server.ask("postgres", "select datname from pg_database order by 1")).split("\n");

  test.each(shells)("goes out whole and comes back as it was on $name", async (shell) => {
    host = dumpHost(shell);
    const source = server.source("shop");
    expect(await host.askOf(inspectSource(source), source)).toEqual({
      name: "shop",
      server: expect.stringMatching(/^PostgreSQL \d+\.\d+$/),
      tool: expect.stringMatching(/^pg_dump \d+\.\d+$/),
      identity: await server.ask("shop", "select system_identifier from pg_control_system()"),
      estimate: Number(await server.ask("shop", "select pg_database_size('shop')")),
      ...{ tables: 5, compressor: "zstd", warnings: [] },
    });
    const taken = await host.take(dump(source, auto), source);
    expect(taken.plain.subarray(0, 5).toString()).toBe("PGDMP");
    const into = `shop_deploy_verify_1`;
    expect(await host.restore(source, taken, { into, owners: false })).toEqual({ tables: 5, warnings: [] });
    const counted = await host.askOf(countRows(source, into), source);
    expect(counted).toEqual(await host.askOf(countRows(source, "shop"), source));
    expect(counted.tables).toEqual([
      { name: '"other schema".part1', rows: 1 },
      { name: '"other schema".parted', rows: 1 },
      { name: "public.empty_one", rows: 0 },
      { name: 'public."odd "" name; drop"', rows: 1000 },
      { name: "public.plain", rows: 3 },
      { name: "large objects", rows: 1 },
    ]);
    expect(await host.refusedRestore(source, taken, { into: "shop" })).toEqual([
      "restore-exists",
      "there is a database shop already",
    ]);
    await host.askOf(dropDatabase(source, into), source);
    await host.askOf(dropDatabase(source, into), source);
    expect(await databases()).toEqual(["postgres", "shop", "template0", "template1"]);
  });

  describe("beside a live database", () => {
    beforeEach(async () => {
      host = dumpHost(binSh);
      await server.ask("postgres", "create database live; create database kept_before;");
      await server.ask("live", "create table t (x) as select 1;");
      const settings = ["set search_path to \"$user\", 'other''s', public", "set timezone to 'Asia/Tokyo'"];
      const grants = "revoke all on database live from public; grant connect on database live to web;";
      await server.ask(
        "postgres",
        `${settings.map((set) => `alter database live ${set};`).join("")} ${grants}
         alter role web in database live set work_mem to '77MB'; alter database live connection limit 50;`,
      );
    });
    afterEach(async () => {
      const made = (await databases()).filter((name) => !/^(postgres|shop|template.)$/.test(name));
      for (const name of made) await server.ask("postgres", `drop database "${name}";`);
    });
    const about = (name: string) =>
      server.ask(
        "postgres",
        `select datacl, datconnlimit, datallowconn, array(select (setrole, setconfig)::text from pg_db_role_setting
         where setdatabase = d.oid order by 1) from pg_database d where datname = '${name}'`,
      );

    test("takes its name in one step, with its settings and grants; what was there is kept", async () => {
      const source = server.source("live");
      const taken = await host.take(dump(source, auto), source);
      await server.ask("live", "insert into t values (2);");
      await host.restore(source, taken, { into: "aside" });
      const before = await about("live");
      const swap = (keepAs: string, from = "aside") =>
        host.askOf(swapDatabase(source, { from, keepAs }), source);
      await expect(swap("kept_before")).rejects.toThrow("there is a database kept_before already");
      await expect(swap("kept", "nothing")).rejects.toThrow("there is no database nothing");
      expect(await swap("kept 'for' now")).toEqual({ kept: true, warnings: [] });
      expect(await about("live")).toBe(before);
      expect([await server.ask("live", "table t"), await server.ask("kept 'for' now", "table t")]).toEqual([
        "1",
        "1\n2",
      ]);
    });

    test("is not swapped while it is used, unless the sessions may be ended", async () => {
      const source = server.source("live");
      const taken = await host.take(dump(source, auto), source);
      await host.restore(source, taken, { into: "aside" });
      const session = await server.hold("live");
      const swap = { from: "aside", keepAs: "kept" };
      expect(await host.refusedOf(swapDatabase(source, swap), source)).toEqual([
        "restore-busy",
        "the database is in use: 1 sessions of admin from 127.0.0.1 (the web app)",
      ]);
      expect(await databases()).toContain("aside");
      expect(await host.askOf(swapDatabase(source, { ...swap, disconnect: true }), source)).toEqual({
        kept: true,
        warnings: [],
      });
      await session.end();
      expect(await server.ask("live", "table t")).toBe("1");
    });

    test("is restored where the live one is gone, and swapped in with nothing to keep", async () => {
      const source = server.source("live");
      const taken = await host.take(dump(source, auto), source);
      await server.ask("postgres", "drop database live;");
      await host.restore(source, taken, { into: "aside" });
      expect(await host.askOf(swapDatabase(source, { from: "aside", keepAs: "kept" }), source)).toEqual({
        kept: false,
        warnings: [],
      });
      expect(await server.ask("live", "table t")).toBe("1");
    });
  });

  test("names and users with any characters that print", async () => {
    host = dumpHost(binSh);
    const names = [`it's "x"; drop \\ $(id) %s naïve 😀`, "-rf", "a=b host=evil"];
    for (const name of names) {
      await server.ask("postgres", `create database "${name.replaceAll('"', '""')}";`);
      const source = server.source(name);
      const taken = await host.take(dump(source, auto), source);
      const { name: told } = await host.askOf(inspectSource(source), source);
      const into = `${name.slice(0, 40)} 2`;
      await host.restore(source, taken, { into });
      await host.askOf(swapDatabase(source, { from: into, keepAs: into.replace(/2$/, "3") }), source);
      expect([
        told,
        (await databases()).filter((one) => one === name || one === `${name.slice(0, 40)} 3`).length,
      ]).toEqual([name, 2]);
      for (const one of [name, `${name.slice(0, 40)} 3`])
        await server.ask("postgres", `drop database "${one.replaceAll('"', '""')}";`);
    }
  });
});
