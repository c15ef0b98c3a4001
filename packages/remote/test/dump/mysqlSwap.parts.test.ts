import { readdirSync } from "node:fs";
import { join } from "node:path";
import { awkwardMariadb, type Mariadb, openMariadb } from "@deploy/testkit";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { dump, swapDatabase } from "../../src/index.ts";
import { binSh } from "../host.ts";
import type { DumpHost } from "./host.ts";
import { databasesOf, describeMariadb, keepOnly, makeDatabase, mariadbHost } from "./mysql.ts";

const auto = { compression: "auto" } as const;

describeMariadb("a database restored beside a live one", () => {
  let server: Mariadb;
  let host: DumpHost;
  beforeAll(async () => {
    server = await openMariadb({ databases: ["shop"] });
  });
  afterAll(() => server.close());
  afterEach(async () => {
    expect(readdirSync(join(host.home, "tmp"))).toEqual([]);
    host.remove();
    await keepOnly(server, "shop");
  });
  const databases = () => databasesOf(server);
  const make = (name: string, statements: string) => makeDatabase(server, name, statements);
  const old =
    "create table t (a int); insert into t values (1); create view v as select a from t; create procedure p() select 'old'; create trigger r before insert on t for each row set new.a = new.a + 10;";
  const swap = (from = "aside", keepAs = "kept", disconnect = false) =>
    host.refusedOf(swapDatabase(server.source("live"), { from, keepAs, disconnect }), server.source("live"));
  beforeEach(async () => {
    host = mariadbHost(binSh);
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
    expect((await swap())[1]).toBe("tables of other databases have foreign keys to tables of live: other.o");
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
