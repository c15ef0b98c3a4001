import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { needs, openPgbouncer, openPostgres, type Postgres, pathOfPart } from "@deploy/testkit";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { countRows, dropDatabase, dump, inspectSource } from "../../src/index.ts";
import { binSh } from "../host.ts";
import { type DumpHost, dumpHost, type Taken } from "./host.ts";

const auto = { compression: "auto" } as const;

needs("postgres")("what goes wrong with a dump of PostgreSQL", () => {
  let server: Postgres;
  let host: DumpHost;
  const real = (tool: string) => join(dirname(realpathSync(pathOfPart("postgres") ?? "")), tool);
  beforeAll(async () => {
    server = await openPostgres();
    await server.ask("postgres", "create role owner_of_shop; create database shop owner owner_of_shop;");
    await server.ask(
      "shop",
      "create table t as select i, repeat('x', 500) x from generate_series(1, 4000) i; alter table t owner to owner_of_shop;",
    );
  });
  afterAll(() => server.close());
  beforeEach(() => {
    host = dumpHost(binSh);
  });
  afterEach(async () => {
    expect(readdirSync(join(host.home, "tmp"))).toEqual([]);
    expect(await databases()).toEqual(["postgres", "shop", "template0", "template1"]);
    host.remove();
  });
  const databases = async () =>
    (await server.ask("postgres", "select datname from pg_database order by 1")).split("\n");
  const fails = (compression: "auto" | "none" | "zstd" = "auto") => {
    const source = server.source("shop");
    return host.take(dump(source, { compression }), source).then(
      () => ["ok", ""],
      (error) => [error.problem.code, error.problem.message],
    );
  };
  const half = `"$real" "$@" | head -c 90000`;
  const fakeDump = (text: string) =>
    host.fake(
      "pg_dump",
      `real=${real("pg_dump")}; case "$*" in --version) exec "$real" "$@" ;; esac; ${text}`,
    );

  test.each([
    [
      "ends 1 half way",
      `${half}; echo 'pg_dump: lost its snapshot' >&2; exit 1`,
      "the dump ended 1: pg_dump: lost its snapshot",
    ],
    ["is killed half way", `${half}; kill -9 $$`, "the dump ended 137:"],
    ["prints half and ends 0", `${half}; exit 0`, "the check of the dump ended 1:"],
    ["prints nothing and ends 0", "exit 0", "the check of the dump ended 1:"],
    ["prints something else and ends 0", "echo done", "the check of the dump ended 1:"],
  ])("a pg_dump that %s", async (_title, text, message) => {
    fakeDump(text);
    const [code, said] = await fails();
    expect([code, said?.slice(0, message.length)]).toEqual(["backup-failed", message]);
  });

  test("a compressor or a check that dies", async () => {
    host.fake("zstd", "head -c 100000 | wc -c >&2; exit 5");
    expect(await fails("zstd")).toEqual(["backup-failed", "the compressor zstd ended 5: 100000"]);
    host.fake("zstd", "kill -9 $$");
    expect((await fails("zstd"))[1]).toMatch(/^the compressor zstd ended 137:/);
    host.fake("pg_restore", "head -c 1000 >/dev/null; kill -9 $$");
    expect((await fails("none"))[1]).toMatch(/^the check of the dump ended 137:/);
    host.fake("tee", "exit 1");
    expect((await fails("none"))[0]).toBe("backup-failed");
    host.fake("tee", "kill -9 $$");
    expect((await fails("none"))[0]).toBe("backup-failed");
  });

  test("a source that cannot be reached, and clients that are missing or too old", async () => {
    const look = async (source: ReturnType<Postgres["source"]>) =>
      host.refusedOf(inspectSource(source), source);
    const [code, said] = await look(server.source("shop", { password: "wrong" }));
    expect([code, said.includes("password authentication failed"), said.includes("wrong")]).toEqual([
      "backup-source",
      true,
      false,
    ]);
    expect((await look(server.source("none")))[1]).toContain('database "none" does not exist');
    const source = server.source("shop");
    const closed = { ...source, server: { ...source.server, port: 1 } };
    expect((await look(closed))[1]).toContain("onnection refused");
    const tls = { ...source, server: { ...source.server, options: { sslmode: "require" } } };
    expect((await look(tls))[1]).toMatch(/does not support SSL.* \(in the URL, \?sslmode=prefer takes what/);
    host.fake("psql", "echo '97.2|1|1|shop'");
    expect(await look(source)).toEqual([
      "backup-client-old",
      expect.stringMatching(/^pg_dump \d+\.\d+ is older than the server, which is PostgreSQL 97\.2$/),
    ]);
    host.env.PATH = join(host.home, "nowhere");
    expect(await look(source)).toEqual(["answer-unreadable", expect.anything()]);
  });

  needs("pgbouncer")("through PgBouncer", () => {
    const through = async (mode: "session" | "transaction") => {
      const pooler = await openPgbouncer(server, mode);
      const source = server.source("shop");
      const pooled = { ...source, server: { ...source.server, port: pooler.port } };
      try {
        const looked = await host.refusedOf(inspectSource(pooled), pooled);
        const dumped = await host.take(dump(pooled, auto), pooled).then(
          ({ dumped }) => dumped.parsed,
          (error) => error.problem.code,
        );
        return [looked[0], dumped];
      } finally {
        await pooler.close();
      }
    };

    test("in transaction mode it is refused, before a session of live queries is changed", async () => {
      expect(await through("transaction")).toEqual(["database-pooler", "database-pooler"]);
    });

    test("in session mode it is a dump like another", async () => {
      expect(await through("session")).toEqual(["ok", true]);
    });
  });

  describe("a restore", () => {
    let taken: Taken;
    beforeAll(async () => {
      const first = dumpHost(binSh);
      const source = server.source("shop");
      taken = await first.take(dump(source, { compression: "gzip" }), source);
      first.remove();
    });
    const back = (more: Partial<Taken>, name = "again") =>
      host.refusedRestore(server.source("shop"), { ...taken, ...more }, { into: name });

    test("of bytes that were cut, altered or are another backup's leaves nothing", async () => {
      const flipped = Buffer.from(taken.stored);
      const middle = flipped.length >> 1;
      for (let at = middle; at < middle + 8; at += 1) flipped[at] = (flipped[at] ?? 0) ^ 0xff;
      for (const stored of [flipped, taken.stored.subarray(0, middle), Buffer.alloc(0)])
        expect((await back({ stored }))[0]).toMatch(/^restore-(damaged|failed)$/);
      const cut = taken.plain.subarray(0, taken.plain.length >> 1);
      expect((await back({ stored: cut, dumped: { ...taken.dumped, compression: "none" } }))[0]).toBe(
        "restore-damaged",
      );
      expect((await back({ dumped: { ...taken.dumped, bytes: taken.dumped.bytes + 1 } }))[0]).toBe(
        "restore-damaged",
      );
      expect((await back({ dumped: { ...taken.dumped, sha256: "0".repeat(64) } }))[0]).toBe(
        "restore-damaged",
      );
    });

    test("that the rows themselves stop tells no row", async () => {
      await server.ask(
        "postgres",
        "create database rows; \\connect rows\ncreate function fine(text) returns bool language sql immutable as 'select true';" +
          "create table customers (email text check (fine(email))); insert into customers values ('ann@example.com');" +
          "create or replace function fine(text) returns bool language sql immutable as 'select false';",
      );
      const source = server.source("rows");
      const rows = await host.take(dump(source, auto), source);
      await server.ask("postgres", "drop database rows;");
      expect(await host.refusedRestore(source, rows, { into: "again" })).toEqual([
        "restore-failed",
        expect.stringMatching(
          /^the restore ended 1: pg_restore: error: COPY failed for table "customers": ERROR: {2}new row for relation "customers" violates check constraint "customers_email_check"$/,
        ),
      ]);
    });

    test("by a newer client leaves out the setting that this server does not know", async () => {
      // As clients since 17 do it on a server of 14, whose own clients are not here.
      const psql = `[ "$*" != "-X -w -A -t -q -v ON_ERROR_STOP=1 -F | -f -" ] || { ${real("psql")} "$@" | sed 's/^[0-9.]*/14.9/'; exit; }; exec ${real("psql")} "$@"`;
      const set = "SET transaction_timeout = 0;";
      host.fake("psql", psql);
      host.fake("pg_dump", "echo 'pg_dump (PostgreSQL) 17.4'");
      host.fake(
        "pg_restore",
        `case "$*" in *"-f -"*) ${real("pg_restore")} "$@" | sed '1,/^SET /s/^SET /${set}\\n&/' ;; *) ${real("pg_restore")} "$@" && echo 'pg_restore: error: ${set}' >&2 && exit 1 ;; esac`,
      );
      const source = server.source("shop");
      const options = { into: "again", tool: "pg_dump 17.4" };
      expect(await host.refusedRestore(source, taken, options)).toEqual([
        "ok",
        expect.stringContaining('"tables":1'),
      ]);
      expect(await server.dump("again")).toBe(await server.dump("shop"));
      await server.ask("postgres", "drop database again;");
      host.fake("pg_restore", `head -c 1000 >/dev/null; echo 'create table half ();'; exit 1`);
      expect((await host.refusedRestore(source, taken, options))[0]).toBe("restore-failed");
      host.fake("pg_dump", "echo 'pg_dump (PostgreSQL) 14.9'");
      expect(await host.refusedRestore(source, taken, options)).toEqual([
        "backup-client-old",
        "the backup was made by pg_dump 17.4, and pg_restore 14.9 does not read it: install the client of PostgreSQL 17 or newer",
      ]);
    });

    test("that fails in the middle, or is not allowed, leaves nothing", async () => {
      host.fake(
        "pg_restore",
        `${real("pg_restore")} --section=pre-data "$@"; echo 'pg_restore: error: out of memory' >&2; exit 1`,
      );
      expect(await back({})).toEqual([
        "restore-failed",
        "the restore ended 1: pg_restore: error: out of memory",
      ]);
      host.fake("pg_restore", `exec ${real("pg_restore")} "$@"`);
      await server.ask("postgres", "create role poor login password 'poor';");
      const poor = server.source("shop", { user: "poor", password: "poor" });
      const [code, said] = await host.refusedRestore(poor, taken, { into: "again" });
      expect([code, said.includes("permission denied to create database")]).toEqual(["restore-failed", true]);
      await server.ask("postgres", "alter role poor createdb;");
      const [owner, about] = await host.refusedRestore(poor, taken, { into: "again" });
      expect([owner, about.includes("owner_of_shop")]).toEqual(["restore-failed", true]);
      await host.restore(poor, taken, { into: "again_deploy_verify_1", owners: false });
      expect((await host.askOf(countRows(poor, "again_deploy_verify_1"), poor)).tables[0]).toEqual({
        name: "public.t",
        rows: 4000,
      });
      await host.askOf(dropDatabase(poor, "again_deploy_verify_1"), poor);
    });
  });

  test("passwords with any character work, and stand in no argument, answer or temporary file that is left", async () => {
    // Every process of this machine is recorded: each password holds a word that no other process knows.
    const token = randomUUID();
    const passwords = [
      `it's ${token}`,
      `a:b\\c@d%e/f?g#h${token}`,
      `-W${token}`,
      `emoji 😀 \\\\ ${token}`,
      `two${token}\nlines${token}`,
      ` spaced ${token} `,
      token.padEnd(400, "x"),
      `"$(id)\`${token}`,
      `*:*:*:*:${token}`,
    ];
    const [environment, commands] = [join(host.home, "environment"), join(host.home, "commands")];
    fakeDump(
      `tr '\\000' '\\n' </proc/self/environ >>'${environment}'; cat /proc/[0-9]*/cmdline >>'${commands}' 2>/dev/null; exec "$real" "$@"`,
    );
    for (const [at, password] of passwords.entries()) {
      await server.ask(
        "postgres",
        `create role u${at} superuser login password '${password.replaceAll("'", "''")}';`,
      );
      const source = server.source("shop", { user: `u${at}`, password });
      expect((await host.take(dump(source, auto), source)).dumped.bytes).toBeGreaterThan(1000);
      await server.ask("postgres", `drop role u${at};`);
    }
    const told = (file: string, among: readonly string[]) => {
      const seen = readFileSync(file, "latin1");
      expect(seen.length).toBeGreaterThan(1000);
      const forms = (one: string) => [Buffer.from(one).toString("latin1"), Buffer.from(one).toString("hex")];
      return among.filter((one) => forms(one).some((form) => seen.includes(form)));
    };
    // No file of PostgreSQL's can hold these two.
    const inFile = passwords.filter((one) => !one.includes("\n") && one.length < 200);
    expect([told(environment, inFile), told(commands, passwords)]).toEqual([[], []]);
  });

  test("roles and tablespaces are a dump of their own, without passwords", async () => {
    const name = "it's a=b \\ host=c";
    await server.ask("postgres", `create database "${name}";`);
    const source = server.source(name);
    const { plain } = await host.take(dump(source, { compression: "auto", globals: true }), source);
    const text = plain.toString();
    expect([text.includes("CREATE ROLE owner_of_shop;"), text.includes("SCRAM-SHA-256")]).toEqual([
      true,
      false,
    ]);
    host.fake("pg_dumpall", "echo 'CREATE ROLE x;'");
    await expect(host.take(dump(source, { compression: "auto", globals: true }), source)).rejects.toThrow(
      "the check of the dump ended 1",
    );
    await server.ask("postgres", `drop database "${name}";`);
  });
});
