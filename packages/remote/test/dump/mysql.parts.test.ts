import { existsSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { Secret } from "@deploy/core";
import { awkwardMariadb, type Mariadb, needs, openMariadb } from "@deploy/testkit";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { countRows, dropDatabase, dump, inspectSource, swapDatabase } from "../../src/index.ts";
import { binSh, type Shell } from "../host.ts";
import { type DumpHost, dumpHost, takenFrom } from "./host.ts";
import { shells } from "./shells.ts";

const auto = { compression: "auto" } as const;

needs(
  "mariadbd",
  "mariadb",
  "mariadb-dump",
  "mariadb-install-db",
)("a dump of MariaDB", () => {
  let server: Mariadb;
  let host: DumpHost;
  beforeAll(async () => {
    server = await openMariadb({ databases: ["shop"], settings: ["--event-scheduler=ON"] });
    await server.ask("shop", awkwardMariadb());
  }, 60_000);
  afterAll(() => server.close());
  beforeEach(() => {
    host = open(binSh);
  });
  afterEach(async () => {
    expect(readdirSync(join(host.home, "tmp"))).toEqual([]);
    host.remove();
    for (const name of await databases())
      if (name !== "shop") await server.ask("mysql", `set foreign_key_checks = 0; drop database ${tick(name)}`);
  });
  const databases = async () => {
    const names = await server.ask("mysql", "select schema_name from information_schema.schemata");
    return names
      .split("\n")
      .filter((name) => !/^(information_schema|mysql|performance_schema|sys)$/.test(name))
      .sort();
  };
  const make = (name: string, statements: string) =>
    server.ask("mysql", `create database ${tick(name)} character set utf8mb4; use ${tick(name)}; ${statements}`);

  test.each(shells)("goes out whole and comes back as it was on $name", async (shell) => {
    host.remove();
    host = open(shell);
    const source = server.source("shop");
    expect(await host.askOf(inspectSource(source), source)).toEqual({
      name: "shop",
      server: expect.stringMatching(/^MariaDB 1[01]\.\d+\.\d+$/),
      tool: expect.stringMatching(/^mariadb-dump 1[01]\.\d+\.\d+$/),
      identity: expect.stringMatching(/^1@[^:]+:\/.*\/data\/$/),
      estimate: expect.any(Number),
      ...{ tables: 8, compressor: "zstd", warnings: [] },
    });
    const taken = await host.take(dump(source, auto), source);
    expect(taken.plain.toString().match(/^(CREATE DATABASE|USE) /gm)).toBeNull();
    const into = "the new one; -- $(id) ☃";
    expect(await host.restore(source, taken, { into })).toEqual({
      tables: 8,
      warnings: [`the events of ${into} are enabled (1), as they were in the dump`],
    });
    expect(await server.dump(into)).toBe(await server.dump("shop"));
    expect(await host.refusedRestore(source, taken, { into })).toEqual([
      "restore-exists",
      `there is a database ${into} already`,
    ]);
  });

  test("is counted, and compared with a copy whose events are still and whose definers are gone", async () => {
    const source = server.source("shop");
    const taken = await host.take(dump(source, auto), source);
    const into = "shop_deploy_verify_1";
    expect(await host.restore(source, taken, { into, owners: false })).toEqual({ tables: 8, warnings: [] });
    const counted = await host.askOf(countRows(source, into), source);
    expect(counted).toEqual(await host.askOf(countRows(source, "shop"), source));
    expect(counted.tables).toEqual([
      { name: "empty_one", rows: 0 },
      { name: "log", rows: 0 },
      { name: `odd "name" it''s; \\\\ \`tick\` ☃ -- drop`, rows: 1000 },
      ...["parted", "plain", "ring_one", "ring_two", "select"].map((name) => ({ name, rows: rowsOf[name] })),
    ]);
    expect(
      await server.ask(
        into,
        "select event_name, status from information_schema.events where event_schema = database() order by 1",
      ),
    ).toBe("never\tDISABLED\ntick\tDISABLED");
    await server.ask(into, "alter table empty_one add more int");
    expect((await host.askOf(countRows(source, into), source)).schema).not.toBe(counted.schema);
    await host.askOf(dropDatabase(source, into), source);
    await host.askOf(dropDatabase(source, into), source);
    expect(await databases()).toEqual(["shop"]);
  });

  test("a password or user with any characters is in no command line and no message", async () => {
    const odd = `-p 'a' "b" #c ; d\\e \\n : @ % $(id) \`x\` \t\n\r= é 😀 \\`;
    const names = [`it's #"odd" \\n`, "-rf"];
    for (const user of names) {
      await server.ask(
        "mysql",
        `create user ${text(user)} identified by ${text(odd)}; grant all on *.* to ${text(user)};`,
      );
      const source = server.source("shop", { user, password: new Secret(odd) });
      host.fake(
        "mariadb-dump",
        `tr '\\000' '\\n' <"/proc/$$/cmdline" >${host.home}/argv; exec /usr/bin/mariadb-dump "$@"`,
      );
      const taken = await host.take(dump(source, auto), source);
      expect(taken.dumped.parsed).toBe(true);
      expect(readFileSync(join(host.home, "argv"), "utf8")).not.toContain("$(id)");
      const wrong = server.source("shop", { user, password: new Secret(`${odd}!`) });
      const [code, message] = await host.refusedOf(inspectSource(wrong), wrong);
      expect([code, message.includes("Access denied"), message.includes("$(id)")]).toEqual([
        "backup-source",
        true,
        false,
      ]);
      await server.ask("mysql", `drop user ${text(user)}`);
    }
  });

  test("names with any characters that print, and the server's socket", async () => {
    for (const name of [`it's "x"; drop \\ $(id) \`t\``, "-rf", "%_s naïve ☃", "x".repeat(63)]) {
      await make(name, "create table t (a int); insert into t values (1)");
      const source = server.source(name, { host: server.socket });
      const taken = await host.take(dump(source, auto), source);
      const [into, keepAs] = [`${name.slice(0, 40)} 2`, `${name.slice(0, 40)} 3`];
      await host.restore(source, taken, { into });
      await host.askOf(swapDatabase(source, { from: into, keepAs }), source);
      const { name: told } = await host.askOf(inspectSource(source), source);
      expect([told, await databases()]).toEqual([name, [keepAs, name, "shop"].sort()]);
      for (const one of [name, keepAs]) await server.ask("mysql", `drop database ${tick(one)}`);
    }
  });

  describe("that is not whole", () => {
    const source = () => server.source("shop");
    const refused = (at = source()) =>
      host.take(dump(at, auto), at).then(
        () => "ok",
        (error: Error) => error.message,
      );

    test("its tool fails half way, is killed, or leaves out its last line", async () => {
      const real = "/usr/bin/mariadb-dump";
      host.fake(
        "mariadb-dump",
        `case $* in *--version*) exec ${real} --version ;; esac; ${real} "$@" | head -c 3000; echo "Error 2013: Lost connection" >&2; exit 3`,
      );
      expect(await refused()).toMatch(/the dump ended 3: (.*\n)?Error 2013: Lost connection/);
      host.fake(
        "mariadb-dump",
        `case $* in *--version*) exec ${real} --version ;; esac; ${real} "$@" | head -c 3000; kill -9 $$`,
      );
      expect(await refused()).toContain("the dump ended 137");
      host.fake(
        "mariadb-dump",
        `case $* in *--version*) exec ${real} --version ;; esac; ${real} "$@" | sed '$d'`,
      );
      expect(await refused()).toContain('its last line is not "-- Dump completed"');
      host.fake("mariadb-dump", `case $* in *--version*) exec ${real} --version ;; esac`);
      expect(await refused()).toContain('its last line is not "-- Dump completed"');
    });

    test("a table is altered while it runs", async () => {
      await make(
        "live",
        "create table a (x longtext); create table z (y int); insert into a select repeat('x', 1000000) from seq_1_to_30",
      );
      const live = server.source("live");
      host.fake(
        "zstd",
        `: >${host.home}/begun; while [ ! -e ${host.home}/go ]; do sleep 0.05; done; exec /usr/bin/zstd "$@"`,
      );
      const taking = refused(live);
      while (!existsSync(join(host.home, "begun"))) await new Promise((done) => setTimeout(done, 20));
      await server.ask("live", "alter table z add more int, algorithm=copy");
      host.fake("../go", "");
      expect(await taking).toMatch(/the dump ended \d+: .*Table definition has changed/);
    });

    test("a wrong database, host or option", async () => {
      expect(await refused(server.source("shopp"))).toContain("Unknown database 'shopp'");
      expect(await refused(server.source("shop", { host: "/nowhere/s" }))).toContain("Can't connect");
      expect(await refused(server.source("shop", { options: { sslmode: "REQUIRED" } }))).toMatch(
        /SSL is required|not encrypted/,
      );
      expect(await refused(server.source("shop", { options: { sslmode: "verify-full" } }))).toMatch(
        /SSL is required|not encrypted/,
      );
      expect(
        await refused(server.source("shop", { options: { sslmode: "disable", connect_timeout: "5" } })),
      ).toBe("ok");
    });
  });

  test("tells what one transaction does not hold", async () => {
    await make(
      "mixed",
      "create table a (x int) engine=MyISAM; create table b (x int) engine=Aria; create table c (x int); create table h (x int) with system versioning;",
    );
    const source = server.source("mixed");
    expect((await host.askOf(inspectSource(source), source)).warnings).toEqual([
      "not in the snapshot, so each may hold more or less than the others: a (MyISAM), b (Aria)",
      "dumped without the history of their rows: h",
    ]);
    await server.ask(
      "mysql",
      "create user plain identified by 'secret'; grant select, show view, event on mixed.* to plain",
    );
    const limited = server.source("mixed", { user: "plain", password: new Secret("secret") });
    expect((await host.askOf(inspectSource(limited), limited)).warnings.at(-1)).toContain(
      "no TRIGGER privilege",
    );
    await server.ask("mysql", "drop user plain");
  });

  test("a damaged or failing restore leaves no database behind", async () => {
    const source = server.source("shop");
    const { plain, dumped } = await host.take(dump(source, { compression: "none" }), source);
    const flipped = Buffer.from(plain);
    flipped[plain.indexOf("naïve") + 1] = 0x62;
    const refused = async (stored: Buffer) =>
      (await host.refusedRestore(source, { dumped, stored, plain }, { into: "back" })).join(": ");
    expect(await refused(flipped)).toContain("restore-damaged");
    expect(await refused(plain.subarray(0, plain.length >> 1))).toMatch(/restore-(damaged|failed)/);
    const broken = takenFrom(Buffer.from(`${plain.toString()}\ninsert into nothing values (1);\n`));
    expect((await host.refusedRestore(source, broken, { into: "back" })).join(": ")).toMatch(
      /restore-failed: [^]*Table 'back.nothing' doesn't exist/,
    );
    expect(await databases()).toEqual(["shop"]);
  });

  describe("beside a live database", () => {
    const old =
      "create table t (a int); insert into t values (1); create view v as select a from t; create procedure p() select 'old'; create trigger r before insert on t for each row set new.a = new.a + 10;";
    const swap = (from = "aside", keepAs = "kept", disconnect = false) =>
      host.refusedOf(
        swapDatabase(server.source("live"), { from, keepAs, disconnect }),
        server.source("live"),
      );
    beforeEach(async () => {
      await make("live", awkwardMariadb());
      const source = server.source("live");
      const taken = await host.take(dump(source, auto), source);
      await host.restore(source, taken, { into: "aside" });
      await server.ask("live", `${old} alter event tick disable; drop table log;`);
    });

    test("takes its place with all that belongs to it; what was there is kept whole", async () => {
      const [before, restored] = [await server.dump("live"), await server.dump("aside")];
      expect(await swap()).toEqual(["ok", '{"kept":true,"warnings":[]}']);
      expect(await server.dump("live")).toBe(restored);
      expect(await server.dump("kept")).toBe(before);
      expect(await databases()).toEqual(["kept", "live", "shop"]);
      await server.ask("live", "insert into empty_one values (4)");
      expect(
        await server.ask("live", "select a from empty_one; select what from log; select * from a_first"),
      ).toBe("8\nfirst;\nthen\n2");
    });

    test("is refused while it is used, unless the sessions may be ended", async () => {
      const session = await server.hold("live", "select * from plain");
      expect(await swap()).toEqual([
        "restore-busy",
        "the database is in use: 1 sessions of root from localhost",
      ]);
      expect(await swap("aside", "shop")).toEqual(["restore-exists", "there is a database shop already"]);
      expect(await swap("nothing")).toEqual(["backup-source", "there is no database nothing"]);
      expect(await swap("aside", "kept", true)).toEqual(["ok", '{"kept":true,"warnings":[]}']);
      await session.end();
    });

    test("is refused while foreign keys of another database lead to it", async () => {
      await make("other", "create table o (x int, foreign key (x) references live.ring_one (id))");
      expect((await swap())[1]).toBe(
        "tables of other databases have foreign keys to tables of live: other.o",
      );
    });

    test("comes back unchanged when its tables cannot be moved", async () => {
      const [before, restored] = [await server.dump("live"), await server.dump("aside")];
      const holder = await server.hold("mysql", "select * from live.plain");
      host.fake("mariadb", `sed 's/lock_wait_timeout = 15/lock_wait_timeout = 1/' | /usr/bin/mariadb "$@"`);
      const [code, message] = await swap();
      expect([code, message]).toEqual(["restore-busy", expect.stringContaining("nothing was changed")]);
      await holder.end();
      expect([await server.dump("live"), await server.dump("aside")]).toEqual([before, restored]);
      expect(await databases()).toEqual(["aside", "live", "shop"]);
    });

    test.each([
      ["before its tables are moved", "rename table"],
      ["right behind that moment", "drop view if exists"],
    ])("that was cut %s is no source of a backup, and the next swap goes on from there", async (_, at) => {
      const [before, restored] = [await server.dump("live"), await server.dump("aside")];
      host.fake(
        "mariadb",
        `cat >${host.home}/in; if grep -q '^${at}' ${host.home}/in; then pid=\${1##*deploy-dump.}; kill -9 \${pid%%.*}; exit 1; fi; /usr/bin/mariadb "$@" <${host.home}/in`,
      );
      expect((await swap())[0]).not.toBe("ok");
      host.fake("mariadb", `exec /usr/bin/mariadb "$@"`);
      const source = server.source("live");
      await expect(host.take(dump(source, auto), source)).rejects.toThrow(
        "live is not whole: a restore into it was not finished",
      );
      const moved = at !== "rename table";
      const answer = await swap("aside", "kept_again");
      expect(answer).toEqual(
        moved ? ["backup-source", "there is no database aside"] : ["ok", '{"kept":true,"warnings":[]}'],
      );
      expect(await server.dump("live")).toBe(restored);
      expect(await server.dump(moved ? "kept" : "kept_again")).toBe(before);
    });

    test("takes the name of one that is gone", async () => {
      const restored = await server.dump("aside");
      await server.ask("mysql", "drop database live");
      expect(await swap()).toEqual(["ok", '{"kept":false,"warnings":[]}']);
      expect([await server.dump("live"), await databases()]).toEqual([restored, ["live", "shop"]]);
    });
  });
});

const rowsOf: Readonly<Record<string, number>> = { parted: 2, plain: 4, ring_one: 1, ring_two: 1, select: 2 };

function open(shell: Shell): DumpHost {
  const host = dumpHost(shell);
  if (shell.busybox === true) {
    for (const tool of ["mariadb", "mariadb-dump"]) symlinkSync(`/usr/bin/${tool}`, join(host.bin, tool));
  }
  return host;
}

function tick(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}

function text(value: string): string {
  return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
