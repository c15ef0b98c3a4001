import { execFileSync, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { needs } from "@deploy/testkit";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import {
  checkSwap,
  countRows,
  dropDatabase,
  dump,
  inspectSource,
  type Source,
  swapDatabase,
} from "../../src/index.ts";
import { binSh, type Shell } from "../host.ts";
import { type DumpHost, dumpHost, takenFrom } from "./host.ts";
import { shells } from "./shells.ts";

const auto = { compression: "auto" } as const;

needs("sqlite3", "python3")("a dump of SQLite", () => {
  let host: DumpHost;
  let folder: string;
  let source: Extract<Source, { kind: "sqlite" }>;
  const open = (shell: Shell) => {
    host = dumpHost(shell);
    folder = join(host.home, `it's $(x) "db" naïve`);
    mkdirSync(folder);
    source = { kind: "sqlite", path: join(folder, "-app.sqlite") };
    sql(source.path, awkward);
    chmodSync(source.path, 0o640);
  };
  beforeEach(() => open(binSh));
  afterEach(() => {
    expect(readdirSync(join(host.home, "tmp"))).toEqual([]);
    host.remove();
  });
  const at = (name: string) => join(folder, name);

  test.each(shells)("goes out whole and comes back as it was on $name", async (shell) => {
    host.remove();
    open(shell);
    expect(await host.askOf(inspectSource(source), source)).toEqual({
      ...{ name: source.path, identity: "", tables: 3, compressor: "zstd", warnings: [] },
      server: expect.stringMatching(/^SQLite 3\.\d+\.\d+$/),
      tool: expect.stringMatching(/^sqlite3 3\.\d+\.\d+$/),
      estimate: expect.any(Number),
    });
    const taken = await host.take(dump(source, auto), source);
    const into = at("scratch_deploy_verify_1");
    expect(await host.restore(source, taken, { into })).toEqual({ tables: 3, warnings: [] });
    expect([sql(into, ".dump"), statSync(into).mode & 0o777]).toEqual([sql(source.path, ".dump"), 0o640]);
    const counted = await host.askOf(countRows(source, into), source);
    expect(counted).toEqual(await host.askOf(countRows(source, source.path), source));
    expect(counted.tables).toEqual([
      { name: "empty", rows: 0 },
      { name: `odd "' name`, rows: 100 },
      { name: "t", rows: 3 },
    ]);
    expect(await host.refusedRestore(source, taken, { into })).toEqual([
      "restore-exists",
      `${into} exists already`,
    ]);
    await host.askOf(dropDatabase(source, into), source);
    expect(existsSync(into)).toBe(false);
  });

  test("a live writer neither tears the copy nor is waited for", async () => {
    sql(source.path, "pragma journal_mode=wal; create table pairs (a, b);");
    const writer = spawn("sqlite3", ["-cmd", ".timeout 30000", source.path], {
      stdio: ["pipe", "ignore", "inherit"],
    });
    const write = (n: number) =>
      `begin; insert into pairs values (${n}, 0); update pairs set b = a; commit;\n`;
    for (let n = 0; n < 1000; n += 1) writer.stdin.write(write(n));
    writer.stdin.end();
    const ended = new Promise((done) => writer.once("close", done));
    for (const into of [at("1"), at("2"), at("3")]) {
      await host.restore(source, await host.take(dump(source, auto), source), { into });
      expect(sql(into, "pragma integrity_check; select count(*) from pairs where a <> b")).toBe("ok\n0\n");
    }
    await ended;
  });

  test.each(shells)("is swapped in by a rename, only when nobody has it open, on $name", async (shell) => {
    host.remove();
    open(shell);
    sql(source.path, "pragma journal_mode=wal; insert into t (a, b) values (9, 'written');");
    const taken = await host.take(dump(source, auto), source);
    await host.restore(source, taken, { into: at("aside") });
    const swap = (keepAs: string) =>
      host.refusedOf(swapDatabase(source, { from: at("aside"), keepAs }), source);
    const other = spawn("sqlite3", [source.path], { stdio: ["pipe", "pipe", "inherit"] });
    other.stdin.write("insert into t (a, b) values (10, 'later'); select 'open';\n");
    await new Promise((done) => other.stdout.once("data", done));
    expect((await swap(at("kept")))[0]).toBe("restore-busy");
    const gone = new Promise((done) => other.once("close", done));
    other.stdin.end();
    await gone;
    sql(source.path, "pragma journal_mode=delete");
    const idle = spawn("sqlite3", [source.path], { stdio: ["pipe", "pipe", "inherit"] });
    idle.stdin.write("select count(*) from t;\n");
    await new Promise((done) => idle.stdout.once("data", done));
    expect((await swap(at("kept")))[1]).toMatch(new RegExp(`process ${idle.pid} has it open \\(sqlite3`));
    idle.stdin.end();
    await new Promise((done) => idle.once("close", done));
    expect(await swap(source.path)).toEqual(["restore-exists", `${source.path} exists already`]);
    expect(await swap(at("kept"))).toEqual(["ok", '{"kept":true,"warnings":[]}']);
    expect([sql(source.path, "select max(a) from t"), sql(at("kept"), "select max(a) from t")]).toEqual([
      "9\n",
      "10\n",
    ]);
    expect(readdirSync(folder).sort()).toEqual(["-app.sqlite", "kept"]);
  });

  test.each([
    [
      "mktemp",
      (link: string) => `d=$(mktemp "$@"); case $d in ./*) rmdir "$d"; ${link} "$d" ;; esac; echo "$d"`,
    ],
    ["ln", (link: string) => `${link} ../back; exec ln "$@"`],
  ])("a restore is not led away by a link that comes with %s", async (program, text) => {
    const taken = await host.take(dump(source, auto), source);
    const kept = join(host.home, "private");
    mkdirSync(kept);
    host.fake(program, `PATH=/usr/bin:/bin\n${text(`ln -s '${kept}'`)}`);
    const [code] = await host.refusedRestore(source, taken, { into: at("back") });
    expect([["path-unsafe", "restore-exists"].includes(code), readdirSync(kept)]).toEqual([true, []]);
  });

  test("what only the application can check is named, and what is damaged beside it is found", async () => {
    const setUp = `import sqlite3, sys
c = sqlite3.connect(sys.argv[1])
c.create_collation("theirs", lambda a, b: (a > b) - (a < b))
c.create_function("f", 1, lambda x: 1, deterministic=True)
c.execute('create table "co""l" (a text collate theirs primary key)')
c.execute("create table computed (a check (f(a)))")
c.execute("create index of_computed on computed (f(a))")
c.execute('insert into "co""l" values (1)')
c.execute("insert into computed values (1)")
c.execute("create table big as with recursive n(i) as (select 1 union all select i + 1 from n where i < 500) select i, hex(randomblob(90)) from n")
c.commit()`;
    execFileSync("python3", ["-c", setUp, source.path]);
    const lacks = /^not wholly checked, since this sqlite3 lacks .*: co"l, computed \(.*(theirs|f\(\)|f)\)$/;
    const taken = await host.take(dump(source, auto), source);
    expect(taken.dumped.warnings).toEqual([expect.stringMatching(lacks)]);
    const restored = { tables: 6, warnings: [expect.stringMatching(lacks)] };
    expect(await host.restore(source, taken, { into: at("back") })).toEqual(restored);
    const torn = Buffer.from(taken.plain);
    torn.fill(0xff, torn.length - 30_000, torn.length - 29_900);
    writeFileSync(at("torn"), torn);
    const of: Source = { kind: "sqlite", path: at("torn") };
    await expect(host.take(dump(of, auto), of)).rejects.toThrow("fails its integrity check");
  });

  test("a link is no database that could be replaced", async () => {
    symlinkSync(source.path, at("link"));
    const of: Source = { kind: "sqlite", path: at("link") };
    const why = "it is a link: name the file that it leads to";
    expect(await host.refusedOf(checkSwap(of), of)).toEqual([
      "restore-refused",
      `${at("link")} cannot be replaced: ${why}`,
    ]);
    expect((await host.askOf(inspectSource(of), of)).warnings).toEqual([
      `no restore can take its place as things are: ${why}`,
    ]);
    expect((await host.refusedOf(checkSwap(source), source))[0]).toBe("ok");
  });

  test("what is no database, or damaged, is no dump and is not restored", async () => {
    const of = (path: string): Source => ({ kind: "sqlite", path });
    writeFileSync(at("text"), "no database, but long enough to be read as one ".repeat(100));
    writeFileSync(at("empty"), "");
    for (const [name, said] of [
      ["none", "there is no database"],
      ["text", "is not a SQLite database"],
      ["empty", "is not a SQLite database"],
    ] as const) {
      const [code, message] = await host.refusedOf(inspectSource(of(at(name))), source);
      expect([code, message.includes(said)]).toEqual(["backup-source", true]);
    }
    const { plain } = await host.take(dump(source, auto), source);
    const torn = Buffer.from(plain);
    torn.fill(0xff, 4096, 4096 + 64);
    writeFileSync(at("torn"), torn);
    await expect(host.take(dump(of(at("torn")), auto), source)).rejects.toThrow("fails its integrity check");
    const [code] = await host.refusedRestore(source, takenFrom(torn), { into: at("back") });
    expect([
      code,
      existsSync(at("back")),
      readdirSync(folder).filter((name) => name.startsWith(".")).length,
    ]).toEqual(["restore-failed", false, 0]);
    const { dumped } = takenFrom(plain);
    const wrong = { dumped, stored: torn, plain };
    expect((await host.refusedRestore(source, wrong, { into: at("back") }))[0]).toBe("restore-damaged");
    expect(
      (
        await host.refusedRestore(source, { ...wrong, stored: plain.subarray(0, 9000) }, { into: at("back") })
      )[0],
    ).toBe("restore-damaged");
    expect(existsSync(at("back"))).toBe(false);
  });
});

const awkward = `
  create table t (a integer primary key, b text, c as (a * 2) stored);
  insert into t (a, b) values (1, 'it''s 😀'), (2, x'00ff0a'), (3, null);
  create table "odd ""' name" (x);
  with recursive n (i) as (select 1 union all select i + 1 from n where i < 100) insert into "odd ""' name" select i from n;
  delete from "odd ""' name" where x % 2; insert into "odd ""' name" select x from "odd ""' name";
  create table empty (y); create view v as select b from t; create index i on t (b);
  create trigger r after insert on empty begin delete from empty; end;
`;

function sql(file: string, text: string): string {
  return execFileSync("sqlite3", [file, text], { encoding: "utf8" });
}
