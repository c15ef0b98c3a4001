import { readdirSync } from "node:fs";
import { join } from "node:path";
import { needs, openPostgres, type Postgres } from "@deploy/testkit";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { countRows, dropDatabase, dump, inspectSource, listLeft, swapDatabase } from "../../src/index.ts";
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

  test("what this role cannot bring back is told by name when the backup is made, and no more once it is mended", async () => {
    host = dumpHost(binSh);
    await server.ask(
      "postgres",
      `create role archive; create role keeper login password 'keeper'; create database vault;
       \\connect vault
       create schema old authorization archive; create table old.t as select 1 a; alter table old.t owner to archive;
       grant usage on schema old to keeper; grant select on old.t to keeper; create extension file_fdw; create extension citext;
       set role keeper; reset role; grant create on schema public to keeper; set role keeper;
       create function plain(text) returns text language sql immutable as 'select lower($1)';
       create function slug(text) returns text language sql immutable as 'select plain($1)';
       create function whole(text) returns text language sql immutable as 'select public.plain($1)';
       create table orders (name text check (slug(name) <> ''), check (whole(name) <> ''), check (plain(name) <> ''));
       insert into orders values ('Ann'); create materialized view slugs as select slug(name) from orders; create index on orders (slug(name));`,
    );
    const source = server.source("vault", { user: "keeper", password: "keeper" });
    const look = async () => (await host.askOf(inspectSource(source), source)).warnings;
    const line = "alter function public.slug(text) set search_path = public";
    expect(await look()).toEqual(
      [
        "made as things are: keeper may not make databases; as an administrator: alter role keeper createdb",
        "brought into its place as things are: vault belongs to admin, and keeper may not rename it; as an administrator: alter database vault owner to keeper",
        "kept: keeper may give nothing to archive; as an administrator: grant archive to keeper (or restore with --plain-owners)",
        "made as things are: only an administrator of the server may make the extension file_fdw; restore as one",
        `made as things are: public.slug(text) names plain without a schema, which no restore finds, and constraint orders_name_check on table public.orders calls it; write public.plain there, or: ${line}`,
      ].map((text) =>
        `no restore can be ${text}`.replace("be kept", "keep whose things are whose as things are"),
      ),
    );
    const back = async (into: string) => {
      const taken = await host.take(dump(source, auto), source);
      return host.refusedRestore(source, taken, { into });
    };
    await server.ask(
      "vault",
      "drop extension file_fdw; alter role keeper createdb; alter database vault owner to keeper; grant archive to keeper;",
    );
    expect(await look()).toEqual([expect.stringContaining(line)]);
    expect(await back("again")).toEqual([
      "restore-failed",
      expect.stringContaining("function plain(text) does not exist"),
    ]);
    await server.ask("vault", line);
    expect([await look(), (await back("again"))[0]]).toEqual([[], "ok"]);
    const owners =
      "select relname || ' ' || relowner::regrole from pg_class where relname in ('t', 'slugs') order by 1";
    expect(await server.ask("again", owners)).toBe("slugs keeper\nt archive");
    await server.ask(
      "postgres",
      "drop database again; drop database vault; drop role keeper; drop role archive;",
    );
  });

  test("a restore that is to go on brings back the rest, and names what failed but no row", async () => {
    host = dumpHost(binSh);
    await server.ask(
      "postgres",
      `create database parts;
       \\connect parts
       create function fine(text) returns bool language sql immutable as 'select true';
       create table good as select 1 a; create view seen as select a from good; create schema other; create table other.also as select 2 b;
       create table bad (email text constraint fine check (fine(email))); insert into bad values ('ann@example.com');
       create or replace function fine(text) returns bool language sql immutable as 'select false';`,
    );
    const source = server.source("parts");
    const parts = await host.take(dump(source, auto), source);
    expect((await host.refusedRestore(source, parts, { into: "again" }))[0]).toBe("restore-failed");
    const into = "parts_incomplete_7f3a";
    expect(await host.restore(source, parts, { into, keepGoing: true })).toEqual({
      ...{ tables: 3, warnings: [] },
      failures: [
        'pg_restore: error: COPY failed for table "bad": ERROR:  new row for relation "bad" violates check constraint "fine"',
      ],
    });
    expect(await server.ask(into, "select a, b, (select count(*) from bad) from seen, other.also")).toBe(
      "1|2|0",
    );
    const whole = server.source("shop");
    const taken = await host.take(dump(whole, auto), whole);
    const { stored } = taken;
    expect(await host.restore(whole, taken, { into: "again", keepGoing: true })).toEqual({
      tables: 5,
      warnings: [],
    });
    const cut = { ...taken, stored: stored.subarray(0, stored.length >> 1) };
    expect((await host.refusedRestore(whole, cut, { into: "cut", keepGoing: true }))[0]).toMatch(
      /^restore-(damaged|failed)$/,
    );
    expect((await host.askOf(listLeft(source), source)).map(({ name }) => name)).toEqual([into]);
    await host.askOf(dropDatabase(source, into), source);
    await server.ask("postgres", "drop database parts; drop database again;");
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
