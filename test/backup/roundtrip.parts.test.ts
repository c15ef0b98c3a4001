import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BackupManifest, listBackups, makeBackup } from "@deploy/backup";
import type { Source } from "@deploy/remote";
import {
  awkwardMariadb,
  awkwardPostgres,
  codeOf,
  type Mariadb,
  needs,
  openMariadb,
  openPostgres,
  type Postgres,
  readBytes,
} from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { leftovers, openStage, type Stage } from "./stage.ts";
import { filesSubject, mariadbSubject, postgresSubject, type Subject, sqliteSubject } from "./subjects.ts";

const parts = ["sshd", "versitygw", "age", "postgres", "sqlite3"] as const;
const mariadbParts = ["mariadbd", "mariadb", "mariadb-dump", "mariadb-install-db"] as const;

needs(...parts, ...mariadbParts)("over OpenSSH to S3, encrypted, and back with all that was there", () => {
  let stage: Stage;
  let postgres: Postgres;
  let mariadb: Mariadb;
  const subjects: Record<string, Subject> = {};
  beforeAll(async () => {
    [stage, postgres, mariadb] = await Promise.all([
      openStage(),
      openPostgres({ databases: [shop] }),
      openMariadb({ databases: [unquoted] }),
    ]);
    await Promise.all([postgres.ask(shop, awkwardPostgres()), mariadb.ask(unquoted, awkwardMariadb())]);
    subjects.postgres = postgresSubject(postgres, shop, beside);
    subjects.mariadb = mariadbSubject(mariadb, unquoted, beside);
    subjects.sqlite = sqliteSubject(stage.host.files, awkwardSqlite);
    subjects.files = filesSubject(stage.host.files);
  });
  afterAll(async () => {
    const left = leftovers(stage.tmp);
    await Promise.all([stage.close(), postgres?.close(), mariadb?.close()]);
    expect(left).toEqual([]);
  });

  /** By the commands that a person has: not a line of ours is in the way. */
  const openedByHand = async ({ stored }: BackupManifest): Promise<string> => {
    const object = join(stage.folder, stored.key);
    writeFileSync(object, await readBytes(stage.store, stored.key));
    const plain = object.replace(/\.zst\.age$/, "");
    execFileSync("sh", [
      "-c",
      'age -d -i "$1" "$2" | zstd -q -d -o "$3"',
      "sh",
      stage.keyFile,
      object,
      plain,
    ]);
    return plain;
  };

  test.each(["postgres", "mariadb", "sqlite", "files"])("%s", async (kind) => {
    const subject = subjects[kind] as Subject;
    const { source, name, beside, look, confirm = name } = subject;
    const before = await look(name);
    const made = await makeBackup(stage.request(source));
    expect([made.proofs, made.recipients, made.database.name.startsWith(name)]).toEqual([
      ["parsed", "read-back"],
      [stage.recipient],
      true,
    ]);

    const dump = await openedByHand(made);
    await subject.drop(name);
    await subject.byHand(dump);
    expect(await look(name)).toBe(before);

    await subject.drop(name);
    await stage.restore(made, source, { kind: "new", name });
    expect(await look(name)).toBe(before);
    await stage.restore(made, source, { kind: "new", name: beside });
    expect(await look(beside)).toBe(before);
    const over = stage.restore(made, source, { kind: "new", name });
    expect(await codeOf(over)).toBe("restore-exists");

    await subject.spoil();
    const spoilt = await look(name);
    expect(spoilt).not.toBe(before);
    const freshBackup = () => makeBackup(stage.request(source));
    const typo = { kind: "replace", confirm: `${confirm}x`, freshBackup } as const;
    expect(await codeOf(stage.restore(made, source, typo))).toBe("restore-confirm");
    const restored = await stage.restore(made, source, { ...typo, confirm });
    expect(restored).toMatchObject({ name: confirm, previous: expect.any(String) });
    expect(await look(name)).toBe(before);
    expect(await look(restored.previous ?? "")).toBe(spoilt);

    const { backups, orphans, damaged } = await listBackups(stage.store);
    const ours = backups.filter(({ database }) => database.kind === kind);
    expect([ours.length, orphans, damaged]).toEqual([2, [], []]);
  });

  test("command", async () => {
    const directory = join(stage.host.files, "it's any tool");
    mkdirSync(directory);
    const bytes = Buffer.concat(
      Array.from({ length: 500 }, (_, n) => Buffer.from([n % 256, 0, 10, 255, 39])),
    );
    writeFileSync(join(directory, "data"), bytes);
    const source: Source = {
      ...{ kind: "command", directory, run: "cat data" },
      ...{ verify: `test "$(wc -c)" -eq ${bytes.length}`, restore: 'cat >"$DEPLOY_RESTORE_INTO"' },
    };
    const made = await makeBackup(stage.request(source));
    expect(readFileSync(await openedByHand(made))).toEqual(bytes);
    await stage.restore(made, source, { kind: "new", name: "it's back" });
    expect(readFileSync(join(directory, "it's back"))).toEqual(bytes);
  });

  test("nothing is on S3 but backups, and no upload is open", async () => {
    const { backups } = await listBackups(stage.store);
    const known = backups.flatMap(({ id, stored }) => [`${id}.json`, stored.key]);
    expect([await stage.keys(), await stage.store.listUnfinished("")]).toEqual([known.sort(), []]);
  });
});

const shop = `it's a "shop" ☃`;
/** mariadb-dump 10.11 cannot find a database whose name holds a quote and which has events; it says so. */
const unquoted = "shop; -- $(id) ☃";
const beside = "beside; -- $(id)";
const awkwardSqlite = `
create table orders (id integer primary key, note text, body blob, twice integer generated always as (id * 2) stored);
insert into orders (id, note, body) values (1, 'it''s "quoted" \\ $(not run)', x'00ff0a0d00'),
  (2, '😀 naïve ' || char(10) || ' two lines', zeroblob(5000)), (3, null, null);
create table "odd ""name" (a);
create view big as select * from orders where id > 1;
create trigger stamp after insert on orders begin update orders set note = 'new' where id = new.id; end;
create virtual table words using fts5(text); insert into words values ('full text');
insert into orders (id) with recursive n(i) as (select 10 union all select i + 1 from n where i < 3000) select i from n;
`;
