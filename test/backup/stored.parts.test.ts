import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  applyRetention,
  type BackupManifest,
  listBackups,
  makeBackup,
  planRetention,
  restoreBackup,
} from "@deploy/backup";
import { Secret } from "@deploy/core";
import type { Source } from "@deploy/remote";
import { codeOf, needs, openStage, pathOfPart, readBytes, type Stage } from "@deploy/testkit";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";

const describe = needs("sshd", "versitygw", "age");

describe("what lies in the bucket", () => {
  let stage: Stage;
  let source: Source;
  let folder: string;
  beforeAll(async () => {
    stage = await openStage();
    folder = join(stage.host.files, "any");
    mkdirSync(folder);
    const run = "head -c 200000 /dev/urandom";
    const restore = 'cat >"$DEPLOY_RESTORE_INTO"';
    source = { kind: "command", directory: folder, run, verify: "cat >/dev/null", restore };
  });
  afterEach(async () => {
    for (const key of await stage.keys()) await stage.store.remove(key);
  });
  afterAll(() => stage?.close());
  const told = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => "fine",
      ({ problem }) => `${problem.code}: ${problem.message}`,
    );
  const back = (made: BackupManifest) => told(stage.restore(made, source, { kind: "new", name: "back" }));
  const put = (key: string, bytes: Buffer) => stage.store.put(key, bytes, { overwrite: true });

  test("flipped, cut, longer, swapped inside, another one, an older one, gone: each is told", async () => {
    const older = await makeBackup(stage.request(source));
    const made = await makeBackup(stage.request(source));
    const [old, good] = await Promise.all(
      [older, made].map(({ stored }) => readBytes(stage.store, stored.key)),
    );
    if (old === undefined || good === undefined) throw new Error("nothing stored");
    const flipped = Buffer.from(good);
    flipped[150_000] = (flipped[150_000] ?? 0) ^ 1;
    // Behind the header, its last line, and the salt: pieces that are each authentic.
    const piece = 65_552;
    const at = good.indexOf("\n", good.indexOf("\n--- ") + 1) + 17;
    const swapped = Buffer.concat([
      ...[good.subarray(0, at), good.subarray(at + piece, at + 2 * piece)],
      ...[good.subarray(at, at + piece), good.subarray(at + 2 * piece)],
    ]);
    const cases: readonly (readonly [Buffer, RegExp])[] = [
      [flipped, /altered or cut/],
      [swapped, /altered or cut/],
      [good.subarray(0, -1), /bytes, the manifest says/],
      [Buffer.concat([good, good.subarray(0, 10)]), /bytes, the manifest says/],
      [old, /^backup-damaged: .*(SHA-256|bytes, the manifest says)/],
    ];
    for (const [bytes, message] of cases) {
      await put(made.stored.key, bytes);
      const said = await back(made);
      expect([said.split(":")[0], said]).toEqual(["backup-damaged", expect.stringMatching(message)]);
    }
    await stage.store.remove(made.stored.key);
    expect(await back(made)).toMatch(/^backup-damaged: The object .* is not in s3:/);
    await put(made.stored.key, good);
    expect([await back(made), readdirSync(folder)]).toEqual(["fine", ["back"]]);
  });

  test("an older pair under newer names: the manifest's own id gives it away", async () => {
    const older = await makeBackup(stage.request(source));
    const made = await makeBackup(stage.request(source));
    await put(made.stored.key, await readBytes(stage.store, older.stored.key));
    await put(`${made.id}.json`, await readBytes(stage.store, `${older.id}.json`));
    const { backups, damaged } = await listBackups(stage.store);
    expect([backups, damaged.map(({ key }) => key)]).toEqual([[older], [`${made.id}.json`]]);
  });

  test("another key: said before a byte is sent, and it is no damage", async () => {
    const made = await makeBackup(stage.request(source));
    const key = execFileSync(`${pathOfPart("age") ?? "age"}-keygen`, [], { encoding: "utf8", stdio: "pipe" });
    const { transport, store } = stage;
    const into = { kind: "new", name: "other" } as const;
    const other = { backup: made, source, transport, store, into, identity: new Secret(key) };
    expect(await codeOf(restoreBackup(other))).toBe("backup-key");
    expect(readdirSync(folder)).not.toContain("other");
  });

  test("four of one second are four", async () => {
    const now = new Date();
    const made = await Promise.all([1, 2, 3, 4].map(() => makeBackup(stage.request(source, { now }))));
    const { backups, orphans, damaged } = await listBackups(stage.store);
    expect([backups.length, orphans, damaged]).toEqual([4, [], []]);
    expect(backups.map(({ id }) => id).sort()).toEqual(made.map(({ id }) => id).sort());
  });

  test("1,200 objects: what the dry run shows is what goes, and foreign objects stay", async () => {
    const made = await makeBackup(stage.request(source));
    const now = Date.parse(made.created);
    const many = Array.from({ length: 600 }, (_, n) => aged(made, new Date(now - (n + 1) * 3_600_000), n));
    const [foreign, orphan] = ["readme.txt", many[3]?.stored.key.replace(/-[0-9a-f]{4}\./, "-ffff.") ?? ""];
    const objects: readonly (readonly [string, string])[] = [
      ...many.map((each) => [`${each.id}.json`, JSON.stringify(each)] as const),
      ...[...many.map(({ stored }) => stored.key), foreign, orphan].map((key) => [key, "data"] as const),
    ];
    for (let from = 0; from < objects.length; from += 50) {
      await Promise.all(objects.slice(from, from + 50).map(([key, text]) => put(key, Buffer.from(text))));
    }
    const { backups, orphans, damaged } = await listBackups(stage.store);
    expect([backups.length, orphans, damaged]).toEqual([601, [orphan], []]);
    const owner = { app: "shop", environment: "production", keep: 14 };
    const verdicts = planRetention(backups, owner, new Date(now));
    const gone = verdicts.filter(({ keep }) => !keep).map(({ id }) => id);
    // The newest, and the first of each of the newest days.
    const all = [made, ...many];
    const days = [...new Set(all.map(({ created }) => created.slice(0, 10)))].slice(0, 14);
    const firsts = days.map((day) => all.findLast(({ created }) => created.startsWith(day)));
    const kept = all.filter((each, at) => at < 14 || firsts.includes(each));
    expect([gone.length, verdicts.find(({ keep }) => keep)?.id]).toEqual([601 - kept.length, made.id]);
    const { removed, denied } = await applyRetention(stage.store, verdicts);
    expect([removed.map(({ id }) => id).sort(), denied]).toEqual([[...gone].sort(), []]);
    const stay = kept.flatMap(({ id, stored }) => [`${id}.json`, stored.key]);
    expect(await stage.keys()).toEqual([...stay, foreign, orphan].sort());
  });
});

/** As if it had been made then, of four bytes. */
function aged(made: BackupManifest, at: Date, n: number): BackupManifest {
  const time = at.toISOString().replace(/[-:]/g, "").replace(/\.\d+/, "");
  const id = `${time}-shop-${n.toString(16).padStart(4, "0")}`;
  const key = made.stored.key.replace(made.id, id);
  const stored = { ...made.stored, key, size: 4 };
  return { ...made, id, created: at.toISOString(), stored };
}

needs(
  "sshd",
  "ip",
  "versitygw",
  "age",
  "sqlite3",
)("a host whose disk is full", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({ hosts: [{ tmpfs: "6m" }] });
    writeFileSync(join(stage.host.home, ".ssh/environment"), "TMPDIR=/srv/tmp\n");
    await stage.host.exec(["mkdir", "-m", "700", "/srv/tmp"]);
  });
  afterAll(() => stage?.close());
  afterEach(async () => void (await stage.host.exec(["rm", "-f", "/srv/fill"])));
  const fill = () => stage.host.exec(["sh", "-c", "cat /dev/zero >/srv/fill; ls -A /srv/tmp"]);

  test("in its temporary folder: no dump, nothing in the store, nothing left", async () => {
    await fill();
    const run = "head -c 3000000 /dev/zero";
    const source = { kind: "command", directory: stage.host.files, run, verify: "cat >/dev/null" } as const;
    expect(await codeOf(makeBackup(stage.request(source)))).toBe("disk-full");
    expect([await stage.keys(), (await fill()).stdout]).toEqual([[], ""]);
  });

  test("where a database comes back: it is named, and what was half there goes", async () => {
    const path = join(stage.host.files, "live.db");
    const rows =
      "with recursive n(i) as (select 1 union all select i + 1 from n where i < 5000) select i, randomblob(2000) from n";
    execFileSync("sqlite3", [path, `create table t (a, b); insert into t ${rows};`]);
    const source = { kind: "sqlite", path } as const;
    const made = await makeBackup(stage.request(source));
    const into = { kind: "new", name: "/srv/back.db" } as const;
    expect(await codeOf(stage.restore(made, source, into))).toBe("disk-full");
    const { stdout } = await stage.host.exec(["ls", "-A", "/srv", "/srv/tmp"]);
    expect(stdout).toBe("/srv:\ntmp\n\n/srv/tmp:\n");
  });
});
