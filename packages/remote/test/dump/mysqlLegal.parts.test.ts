import { type Mariadb, openMariadb } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { countRows, dump, inspectSource, swapDatabase } from "../../src/index.ts";
import { binSh } from "../host.ts";
import { type DumpHost, takenFrom } from "./host.ts";
import { describeMariadb, makeDatabase, mariadbHost } from "./mysql.ts";

const auto = { compression: "auto" } as const;

describeMariadb("what was legal in MariaDB when it was made", () => {
  let server: Mariadb;
  let host: DumpHost;
  beforeAll(async () => {
    server = await openMariadb({ settings: ["--sql-mode=TRADITIONAL", "--max-allowed-packet=2M"] });
    host = mariadbHost(binSh);
  });
  afterAll(async () => {
    await server.close();
    host.remove();
  });
  const make = (name: string, statements: string) => makeDatabase(server, name, statements);
  const there = async (name: string) => {
    const source = server.source(name);
    const taken = await host.take(dump(source, auto), source);
    const back = await host.refusedRestore(source, taken, { into: `${name}_back` });
    return { warnings: taken.dumped.warnings, back };
  };
  const whole = ["ok", expect.stringContaining('"warnings":[]')];

  test("comes back though the server's modes are stricter now", async () => {
    const columns = Array.from({ length: 40 }, (_, at) => `c${at} char(255)`).join(", ");
    await make(
      "modes",
      `set session innodb_strict_mode = 0, sql_mode = '', check_constraint_checks = 0;
       create table wide (${columns}) charset latin1 row_format=compact;
       create table dated (d date not null default '0000-00-00', n int check (n > 0)); insert into dated (n) values (-1);`,
    );
    expect((await there("modes")).back).toEqual(whole);
    expect(await server.dump("modes_back")).toBe(await server.dump("modes"));
  });

  test("comes back where a row of bytes is more than half of what the server takes; where it is too much, its table is told", async () => {
    await make(
      "rows",
      "create table `odd (one` (raw longblob); set @some = random_bytes(1000); insert into `odd (one` values (repeat(@some, 1500));",
    );
    expect(await there("rows")).toEqual({ warnings: [], back: whole });
    const hash = "select md5(raw) from `odd (one`";
    expect(await server.ask("rows_back", hash)).toBe(await server.ask("rows", hash));
    await server.ask("rows", "insert into `odd (one` values (repeat(x'00', 1500000)), ('small')");
    await server.ask("mysql", "drop database rows_back");
    const { warnings, back } = await there("rows");
    expect([warnings, back[0]]).toEqual([
      [
        "no restore can be made as things are: rows of `odd (one` are larger than the server takes back; as an administrator: set global max_allowed_packet = 1073741824 (and in its option file)",
      ],
      "restore-failed",
    ]);
    await server.ask("mysql", "set global max_allowed_packet = 1073741824");
    expect((await there("rows")).back).toEqual(whole);
    const source = server.source("rows");
    const [here, copy] = ["rows", "rows_back"].map((name) => host.askOf(countRows(source, name), source));
    expect(await copy).toEqual(await here);
  });

  test("and where a part fails, the rest comes back if the restore is to go on: marked, and what failed is named without a row", async () => {
    await make(
      "parts",
      "create table good (a int); create table last_one (b varchar(30)); insert into last_one values ('two\\nlines')",
    );
    const source = server.source("parts");
    const { plain } = await host.take(dump(source, auto), source);
    const bad = "insert into nothing values ('ann@example.com');\n";
    const taken = takenFrom(
      Buffer.from(plain.toString().replace(/^-- Table structure for table `last_one`$/m, `\n${bad}$&`)),
    );
    const into = "parts_incomplete_7f3a";
    expect((await host.refusedRestore(source, taken, { into }))[0]).toBe("restore-failed");
    expect(await host.restore(source, taken, { into, keepGoing: true })).toEqual({
      ...{ tables: 2, warnings: [] },
      failures: [
        expect.stringMatching(/^ERROR 1146 \(42S02\) at line \d+: Table '\w+.nothing' doesn't exist$/),
      ],
    });
    expect(await server.ask(into, "select b from last_one")).toBe("two\nlines");
    const swap = swapDatabase(source, { from: into, keepAs: "parts_before_7f3a" });
    expect((await host.refusedOf(swap, source))[1]).toContain("is not whole");
    expect(
      await host.restore(source, { ...taken, ...takenFrom(plain) }, { into: "parts_whole", keepGoing: true }),
    ).toEqual({ tables: 2, warnings: [] });
  });

  test("but views that refer to what is gone are all named before anything is dumped", async () => {
    await make(
      "seen",
      `create table t (a int); create table u (a int); create user gone; create view fine as select a from t;
       create view nothing as select * from u; create definer = gone view nobody as select a from t; drop user gone; drop table u;`,
    );
    const source = server.source("seen");
    expect(await host.refusedOf(inspectSource(source), source)).toEqual([
      "backup-source",
      "no dump can be made of views that refer to what is gone; mend or drop them: seen.nobody (The user specified as a definer ('gone'@'%') does not exist), seen.nothing (Table 'seen.u' doesn't exist)",
    ]);
  });
});
