import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Secret } from "@deploy/core";
import { awkwardMariadb, type Mariadb, openMariadb } from "@deploy/testkit";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { countRows, dropDatabase, dump, inspectSource, swapDatabase } from "../../src/index.ts";
import { binSh } from "../host.ts";
import { type DumpHost, takenFrom } from "./host.ts";
import { databasesOf, describeMariadb, keepOnly, makeDatabase, mariadbHost, text } from "./mysql.ts";
import { shells } from "./shells.ts";

const auto = { compression: "auto" } as const;

describeMariadb("a dump of MariaDB", () => {
  let server: Mariadb;
  let host: DumpHost;
  beforeAll(async () => {
    server = await openMariadb({ databases: ["shop"], settings: ["--event-scheduler=ON", "--log-bin"] });
    await server.ask("shop", awkwardMariadb());
  });
  afterAll(() => server.close());
  beforeEach(() => {
    host = mariadbHost(binSh);
  });
  afterEach(async () => {
    expect(readdirSync(join(host.home, "tmp"))).toEqual([]);
    host.remove();
    await keepOnly(server, "shop");
  });
  const databases = () => databasesOf(server);
  const make = (name: string, statements: string) => makeDatabase(server, name, statements);

  test.each(shells)("goes out whole and comes back as it was on $name", async (shell) => {
    host.remove();
    host = mariadbHost(shell);
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
      await keepOnly(server, "shop");
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
    expect((await host.askOf(inspectSource(limited), limited)).warnings[2]).toContain("no TRIGGER privilege");
    await server.ask("mysql", "drop user plain");
  });

  test("what a restore needs and has not is told, and granted by the lines that are told", async () => {
    await make("sh_op", awkwardMariadb());
    const [name, user] = ["sh_op", "o`'dd @"];
    await server.ask("mysql", `create user ${text(user)} identified by 'secret'; create role reader;`);
    await server.ask(
      "mysql",
      `grant select, show view, event, trigger, execute on sh_op.* to reader; grant select on mysql.proc to reader; grant reader to ${text(user)}; set default role reader for ${text(user)};`,
    );
    const poor = server.source(name, { user, password: new Secret("secret") });
    const look = async () => (await host.askOf(inspectSource(poor), poor)).warnings;
    const taken = await host.take(dump(poor, auto), poor);
    const into = "sh_op_deploy_restore_7f3a";
    expect((await host.refusedRestore(poor, taken, { into }))[0]).toBe("restore-failed");
    const told = await look();
    const words = told.map(
      (text) => /^(.*) as things are: .* administrator: ([^(]*[^( ])/.exec(text)?.slice(1) ?? [],
    );
    const who = "`o``'dd @`@`%`";
    const all =
      "alter, alter routine, create, create routine, create view, drop, event, insert, lock tables, select, show view, trigger";
    expect(words).toEqual([
      [
        "no restore can be brought into its place",
        `grant alter, alter routine, create, create routine, create view, drop, insert, lock tables on \`sh\\_op\`.* to ${who}`,
      ],
      ["no restore can be made", `grant ${all} on \`sh\\_op\\_%\`.* to ${who}`],
      ["no restore can be made", `grant set user on *.* to ${who}`],
      ["no restore can be made", "set global log_bin_trust_function_creators = 1"],
    ]);
    for (const [, line] of words) await server.ask("mysql", `${line}`);
    expect(await look()).toEqual([]);
    await host.restore(poor, taken, { into });
    const before = await server.dump(name);
    await host.askOf(swapDatabase(poor, { from: into, keepAs: "sh_op_before_7f3a" }), poor);
    expect(await server.dump(name)).toBe(before);
    await server.ask(
      "mysql",
      `set global log_bin_trust_function_creators = 0; drop user ${text(user)}; drop role reader`,
    );
  });

  test("is made by MySQL's own tools where those are there, with their options; another family's are warned of", async () => {
    const real = (name: string) => `/usr/bin/mariadb${name === "mysql" ? "" : "-dump"}`;
    for (const name of ["mysql", "mysqldump"]) {
      const rest = `set --; while IFS= read -r one; do set -- "$@" "$one"; done <${host.home}/args; exec ${real(name)} "$@"`;
      host.fake(
        name,
        `[ "$1" != --version ] || { echo '${name}  Ver 8.0.36-28 for Linux on x86_64 (Percona Server)'; exit; }
        grep -e ssl-mode "\${1#*=}" >>${host.home}/modes
        printf '%s\\n' "$@" | tee -a ${host.home}/all | grep -v -e gtid-purged -e column-statistics >${host.home}/args
        sed -i /ssl-mode/d "\${1#*=}"; ${rest}`,
      );
    }
    const source = { ...server.source("shop", { options: { sslmode: "prefer" } }), kind: "mysql" } as const;
    const { tool, warnings } = await host.askOf(inspectSource(source), source);
    expect([tool, warnings]).toEqual([
      "mysqldump 8.0.36",
      [expect.stringMatching(/^the server is MariaDB .* and mysqldump is MySQL's: /)],
    ]);
    await host.take(dump(source, auto), source);
    const all = readFileSync(join(host.home, "all"), "utf8").split("\n");
    expect(all.filter((arg) => arg.includes("gtid") || arg.includes("statistics"))).toEqual([
      "--set-gtid-purged=OFF",
      "--loose-column-statistics=0",
    ]);
    expect(readFileSync(join(host.home, "modes"), "utf8")).toContain("ssl-mode=PREFERRED");
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
      /restore-failed: [\s\S]*Table 'back.nothing' doesn't exist/,
    );
    const twice = "insert into customers values ('ann@example.com'), ('ann@example.com');\n";
    const told = await host.refusedRestore(
      source,
      takenFrom(
        Buffer.from(`${plain.toString()}\ncreate table customers (email varchar(50) unique);\n${twice}`),
      ),
      { into: "back" },
    );
    expect(told).toEqual([
      "restore-failed",
      expect.stringMatching(
        /^the restore ended 1: ERROR 1062 \(23000\) at line \d+: Duplicate entry \.\.\. for key 'email'$/,
      ),
    ]);
    expect(await databases()).toEqual(["shop"]);
  });
});

const rowsOf: Readonly<Record<string, number>> = { parted: 2, plain: 4, ring_one: 1, ring_two: 1, select: 2 };
