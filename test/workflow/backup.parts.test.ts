import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { needs, openPostgres, type Postgres, type S3Server, s3Server } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { ageKeys } from "../runner/age.ts";
import { type Desk, openDesk } from "./desk.ts";
import type { ActRun } from "./run.ts";
import { openSite, type Site } from "./site.ts";

const password = "h@rd: pa$$/wo%rd";
const migrate = `import { execFileSync } from "node:child_process";
execFileSync("psql", ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", "bin/migration.sql"], { stdio: "inherit" });
`;

needs(
  "act",
  "sshd",
  "ip",
  "curl",
  "postgres",
  "versitygw",
  "age",
)("a backup is the gate before a migration, and the way back", () => {
  const folder = mkdtempSync(join(tmpdir(), "deploy-backup-"));
  const key = ageKeys();
  let [postgres, s3, site, desk] = [] as unknown as [Postgres, S3Server, Site, Desk];

  beforeAll(async () => {
    [postgres, s3] = await Promise.all([openPostgres(), s3Server()]);
    const role = `create role shop login createdb password '${password}'`;
    await postgres.ask("postgres", `${role};\ncreate database shop owner shop;`);
    await ask("create table orders (id int primary key, what text); insert into orders values (1, 'tea')");
    const keys = { AWS_ACCESS_KEY_ID: s3.accessKey, AWS_SECRET_ACCESS_KEY: s3.secretKey };
    site = await openSite("node-app", {
      env: `PGHOST=${postgres.socket}\nPGPORT=${postgres.port}\nPGUSER=shop\nPGPASSWORD='${password}'\nPGDATABASE=shop\n`,
      secrets: { ...keys, DATABASE_URL: url(password) },
      config: `backup:
  database: postgres
  store: s3://${s3.bucket}/shop/production
  endpoint: ${s3.endpoint}
  region: ${s3.region}
  encrypt-to: [${key.recipient}]
`,
    });
    const config = site.caller.read(".github/deploy.yml");
    site.caller.write(
      ".github/deploy.yml",
      config.replace("{ run: npm run migrate }", "{ run: npm run migrate, env-file: .env }"),
    );
    site.caller.write("bin/migrate.mjs", migrate);
    desk = await openDesk({
      folder: site.caller.folder,
      key: site.fleet.keys.private,
      knownHosts: site.fleet.knownHosts(),
      env: { ...keys, DATABASE_URL: url(password) },
    });
  });
  afterAll(async () => {
    await Promise.all([desk?.close(), site?.close(), postgres?.close(), s3?.stop()]);
    rmSync(folder, { recursive: true, force: true });
  });

  const url = (word: string) =>
    `postgres://shop:${encodeURIComponent(word)}@/shop?host=${postgres.socket}&port=${postgres.port}`;
  const ask = (statements: string, database = "shop") =>
    postgres.ask(database, statements, { user: "shop", password });
  const stored = () => readdirSync(join(s3.folder, s3.bucket, "shop/production")).sort();
  const release = (sql: string) => {
    site.caller.write("bin/migration.sql", `${sql};\n`);
    site.caller.commit();
  };
  const ended = (run: ActRun) => ({ code: run.code, log: run.code === 0 ? "" : run.log });
  const wellEnded = { code: 0, log: "" };

  let first: string;
  let line: string;

  test("a deploy backs up, encrypted, before it migrates, and tells the backup's id", async () => {
    release("alter table orders add column price int default 3");
    const run = await site.run("deploy.yml");
    expect(ended(run)).toEqual(wellEnded);
    first = run.outputs.plan?.release ?? "";
    expect(site.live()).toEqual(Array(3).fill(`releases/${first}`));
    expect(await ask("select * from orders")).toBe("1|tea|3");

    const [data = "", manifest = ""] = stored();
    expect(stored()).toHaveLength(2);
    const id = data.split(".")[0] ?? "";
    expect([data, manifest]).toEqual([`${id}.dump.zst.age`, `${id}.json`]);
    expect(run.summaries.some((summary) => plain(summary).includes(id))).toBe(true);
    const script = openDump(join(s3.folder, s3.bucket, "shop/production", data));
    expect(script).toContain("CREATE TABLE public.orders");
    expect(script).toContain("1\ttea\n");
    expect(script).not.toContain("price");
    expectNoSecrets(run);
  });

  test("a backup that fails stops the deploy before anything is migrated or switched", async () => {
    await ask("insert into orders values (2, 'scones', 4)");
    release("drop table orders; create table orders_v2 (id int)");
    const before = stored();
    const wrong = "wr@ng pa$$";
    const run = await site.run("deploy.yml", { secrets: { DATABASE_URL: url(wrong) } });
    expect({ code: run.code, jobs: run.jobs }).toEqual({
      code: 1,
      jobs: { pack: "success", plan: "success", deploy: "failure" },
    });
    expect(run.log).toContain("password authentication failed");
    expect(await ask("select * from orders order by id")).toBe("1|tea|3\n2|scones|4");
    expect([site.live(), stored()]).toEqual([Array(3).fill(`releases/${first}`), before]);
    expectNoSecrets(run, wrong);
  });

  test("after a release that destroyed data, rollback names the backup and the exact way back", async () => {
    const bad = await site.run("deploy.yml");
    expect(ended(bad)).toEqual(wellEnded);
    expect(await ask("select to_regclass('orders') is null")).toBe("t");
    const made = stored().at(-1)?.replace(".json", "") ?? "";
    const run = await site.run("rollback.yml", { event: "workflow_dispatch" });
    expect(ended(run)).toEqual(wellEnded);
    expect(site.live()).toEqual(Array(3).fill(`releases/${first}`));
    line = `deploy restore ${made} --environment production --age-key key.txt --confirm shop`;
    const last = plain(run.summaries.at(-1) ?? "");
    expect([
      // act masks its token, an "x", everywhere.
      run.log.replaceAll("t***t", "txt").includes(line),
      last.includes(line),
      last.includes(bad.outputs.plan?.release ?? "-"),
    ]).toEqual([true, true, true]);
  });

  test("that very line brings the data back; what was there lies under another name", async () => {
    const file = join(site.caller.folder, "key.txt");
    writeFileSync(file, `${key.identity}\n`, { mode: 0o600 });
    const ran = await desk.type(line);
    rmSync(file);
    expect({ code: ran.code, err: ran.code === 0 ? "" : ran.err + ran.out }).toEqual({ code: 0, err: "" });
    expect(await ask("select * from orders order by id")).toBe("1|tea|3\n2|scones|4");
    const names = await ask("select datname from pg_database where datname like 'shop%' order by 1");
    const [, aside = ""] = names.split("\n");
    expect(names).toMatch(/^shop\nshop_before_\w+$/);
    expect(await ask("select to_regclass('orders') is null, to_regclass('orders_v2')", aside)).toBe(
      "t|orders_v2",
    );
    expect(ran.out).toContain(`What was there lies in ${aside}`);
  });

  /** As a person reads it: `age -d | zstd -d | pg_restore`. */
  function openDump(object: string): string {
    const identity = join(folder, "key.txt");
    writeFileSync(identity, `${key.identity}\n`, { mode: 0o600 });
    const pipe = `age -d -i "$1" "$2" | zstd -dc | "$3" -f -`;
    const argv = ["-c", pipe, "sh", identity, object, join(postgres.programs, "pg_restore")];
    const { status, stdout, stderr } = spawnSync("sh", argv, { encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
    return stdout;
  }

  function expectNoSecrets(run: ActRun, word = password): void {
    const secrets = [word, encodeURIComponent(word), s3.secretKey, "AGE-SECRET-KEY"];
    const seen = [run.log, ...run.summaries].join("\n");
    expect(secrets.filter((secret) => seen.includes(secret))).toEqual([]);
  }
});

/** Without what keeps GitHub from making links. */
function plain(summary: string): string {
  return summary.replaceAll("\u200b", "");
}
