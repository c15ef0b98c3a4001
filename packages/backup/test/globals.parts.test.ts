import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { parseBackup, Secret } from "@deploy/core";
import { folderStore } from "@deploy/store";
import { needs, openPostgres, type Postgres, pathOfPart, until } from "@deploy/testkit";
import { localConnector, type Transport } from "@deploy/transport";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { generateIdentity, identityToRecipient } from "age-encryption";
import {
  applyRetention,
  type BackupManifest,
  type BackupRequest,
  listBackups,
  makeBackup,
  parseDatabaseUrl,
  restoreBackup,
  restoreCommand,
  sourceAt,
} from "../src/index.ts";
import { failed } from "./fakes/request.ts";

const identity = new Secret(await generateIdentity());
const recipients = [await identityToRecipient(identity.reveal())];

needs("postgres", "age")("roles of PostgreSQL", () => {
  const root = mkdtempSync(join(tmpdir(), "backup-globals-"));
  const folder = join(root, "store");
  const store = folderStore(folder);
  let [from, to]: Postgres[] = [];
  let transport: Transport;

  beforeAll(async () => {
    [from, to] = await Promise.all([openPostgres(), openPostgres()]);
    const host = { name: "here", address: "here", port: 22, username: "", roles: [] };
    transport = await localConnector({ home: root })(host);
    await from.ask(
      "postgres",
      "create role shop login password 'of the shop'; create database shop owner shop;",
    );
    await from.ask("postgres", `create role "odd ""role" nologin; grant "odd ""role" to shop;`);
    await from.ask("shop", "create table orders (id int primary key); alter table orders owner to shop;");
    await to.ask("postgres", "create role replica login superuser password 'of the replica';");
  });
  afterAll(async () => {
    await transport?.close();
    await Promise.all([from?.close(), to?.close()]);
    rmSync(root, { recursive: true, force: true });
  });

  const request = (change: Partial<BackupRequest> = {}): BackupRequest => {
    const url = new Secret(`postgres://shop:of%20the%20shop@127.0.0.1:${from?.port}/shop?sslmode=disable`);
    return {
      ...{ app: "shop", environment: "production", transport, store, recipients, identity },
      source: { kind: "postgres", globals: true, server: parseDatabaseUrl(url, "postgres") },
      ...{ verify: "read", compression: "gzip", minimum: 1000, run: "4711", now: new Date() },
      ...change,
    };
  };

  test("what a restore needs and has not is told when the backup is made", async () => {
    const told: string[] = [];
    const elsewhere = folderStore(join(root, "told"));
    const make = () => makeBackup(request({ store: elsewhere, onNote: (text) => told.push(text) }));
    await make();
    expect(told.join("\n")).toContain(
      "shop may not make databases; as an administrator: alter role shop createdb",
    );
    await from?.ask("postgres", "alter role shop createdb;");
    const access = join(from?.socket ?? "", "pg_hba.conf");
    const open = readFileSync(access, "utf8");
    const who = { user: "shop", password: "of the shop" };
    const isClosed = async () =>
      String(await from?.ask("nowhere", "select 1", who).catch(String)).includes("pg_hba.conf");
    const rule = (text: string) => `host ${text} 127.0.0.1/32 scram-sha-256\n`;
    const use = async (text: string, closed: boolean) => {
      writeFileSync(access, text);
      await from?.ask("postgres", "select pg_reload_conf();");
      await until("the new rules", async () => (await isClosed()) === closed);
      told.length = 0;
    };
    await use(rule("all admin") + rule("shop,postgres shop"), true);
    await make();
    expect(told).toEqual([expect.stringContaining("pg_hba.conf lets nobody in to a new database")]);
    await use(open, false);
    await make();
    expect(told).toEqual([]);
    await from?.ask("postgres", "alter role shop nocreatedb;");
  });

  test("what was proved comes back as the printed line says: with its owners, or the line leaves them out", async () => {
    await from?.ask(
      "shop",
      "create role archive; create schema old authorization archive; create table old.t (id int); alter table old.t owner to archive;",
    );
    await from?.ask(
      "shop",
      "grant usage on schema old to shop; grant select on old.t to shop; alter role shop createdb;",
    );
    const told: string[] = [];
    const elsewhere = folderStore(join(root, "owners"));
    const proved = {
      store: elsewhere,
      verify: "restore",
      onNote: (text: string) => told.push(text),
    } as const;
    const back = async (made: BackupManifest) => {
      const into = { kind: "new", name: "shop_back" } as const;
      const plainOwners = restoreCommand(made, "production").includes(" --plain-owners ");
      await restoreBackup({ ...request(proved), backup: made, into, plainOwners });
      const owner = await from?.ask(
        "shop_back",
        "select relowner::regrole from pg_class where relname = 't'",
      );
      await from?.ask("postgres", "drop database shop_back;");
      return [plainOwners, owner];
    };
    const without = await makeBackup(request(proved));
    expect(told.join("\n")).toMatch(/only without owners and grants .*must be member of role "archive"/);
    const [read] = (await listBackups(elsewhere)).backups;
    expect([read?.plainOwners, await back(without)]).toEqual([true, [true, "shop"]]);
    await from?.ask("shop", "grant archive to shop;");
    expect(await back(await makeBackup(request(proved)))).toEqual([false, "archive"]);
    await from?.ask("shop", "drop schema old cascade; drop role archive; alter role shop nocreatedb;");
  });

  test("stored by a role without rights, brought to another server by hand as the guide says, removed with the backup", async () => {
    const made = await makeBackup(request());
    const key = `${made.id}.globals.sql.gz.age`;
    expect([made.globals?.stored.key, made.proofs]).toEqual([key, ["parsed", "read-back", "decrypted"]]);
    expect(readFileSync(join(folder, key), "latin1")).not.toContain("CREATE ROLE");
    writeFileSync(join(root, "key.txt"), identity.reveal(), { mode: 0o600 });
    const sql = shell(`age -d -i key.txt 'store/${key}' | gzip -d`);
    expect(sql).not.toContain("SCRAM-SHA-256");
    await to?.ask("postgres", sql.replace(/^CREATE ROLE admin;$/m, ""));
    const members = `select r.rolname, m.rolname from pg_auth_members a join pg_roles r on r.oid = a.roleid join pg_roles m on m.oid = a.member where m.rolname = 'shop'`;
    expect(await to?.ask("postgres", members)).toBe('odd "role|shop');
    const next = await makeBackup(request());
    await applyRetention(store, [{ id: made.id, keep: false, because: ["older"] }]);
    expect(await listBackups(store)).toEqual({ backups: [next], orphans: [], damaged: [] });
    expect(keysBut(next.id)).toBe("");
  });

  test("the URL may stand in the leader's own file, and leaves it for no command line", async () => {
    const text = "backup: { database: postgres, store: /backups, url-from: .env }\n";
    const backup = parseBackup(text, { file: "deploy.yml", overrides: {} });
    if (backup === undefined) throw new Error("no backup");
    const base = join(root, "app");
    mkdirSync(join(base, "shared"), { recursive: true });
    const env = (value: string) => writeFileSync(join(base, "shared/.env"), `A=1\nexport ${value} # ours\n`);
    const sent: string[] = [];
    const masked: string[] = [];
    const watched: Transport = {
      ...transport,
      exec: (command, options) => {
        sent.push(JSON.stringify([command.script, command.args]));
        return transport.exec(command, options);
      },
    };
    const mask = (secrets: readonly string[]) => void masked.push(...secrets);
    const site = { backup, base, transport: watched, mask };
    const url = `postgres://shop:of%20the%20shop@127.0.0.1:${from?.port}/shop?sslmode=disable`;
    env(`DATABASE_URL="${url}"`);
    const made = await makeBackup(request({ source: await sourceAt(site), transport: watched }));
    expect([made.database.name, masked]).toEqual(["shop", [url, "of the shop"]]);
    expect(sent.filter((each) => /of( |%20)the( |%20)shop/.test(each))).toEqual([]);
    const given = await sourceAt({ ...site, url: new Secret("postgres://other@db/other") });
    expect("server" in given && given.server.name).toBe("other");
    env("OTHER=1");
    await expect(sourceAt(site)).rejects.toThrow(`${base}/shared/.env does not set DATABASE_URL`);
  });

  test("a backup fails where they cannot be dumped, and leaves nothing", async () => {
    const before = keysBut("");
    await from?.ask("shop", "revoke select on pg_catalog.pg_roles from public;");
    try {
      const [code, message] = await failed(request());
      expect([code, message]).toEqual(["backup-failed", expect.stringContaining("pg_dumpall")]);
      expect(keysBut("")).toBe(before);
    } finally {
      await from?.ask("shop", "grant select on pg_catalog.pg_roles to public;");
    }
  });

  const shell = (line: string): string => {
    const PATH = [dirname(pathOfPart("age") ?? ""), process.env.PATH].join(delimiter);
    const ran = spawnSync("sh", ["-c", line], { cwd: root, encoding: "utf8", env: { ...process.env, PATH } });
    return ran.status === 0 ? ran.stdout : ran.stderr;
  };
  const keysBut = (id: string): string => shell(`ls store | grep -v '^${id || "nothing"}\\.' || true`);
});
