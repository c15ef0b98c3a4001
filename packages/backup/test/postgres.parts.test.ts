import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeployError, Secret } from "@deploy/core";
import { type Store, s3Store } from "@deploy/store";
import { needs, type S3Server, s3Server } from "@deploy/testkit";
import { localConnector, type Transport } from "@deploy/transport";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { generateIdentity, identityToRecipient } from "age-encryption";

import {
  applyRetention,
  type BackupRequest,
  listBackups,
  makeBackup,
  parseDatabaseUrl,
  planRetention,
  restoreBackup,
} from "../src/index.ts";
import { type TestPostgres, testPostgres } from "./postgres.ts";

const identity = new Secret(await generateIdentity());
const recipients = [await identityToRecipient(identity.reveal())];
const password = "-a'b:c@d%e\\f/g\nh😀";

needs("postgres", "versitygw")("PostgreSQL to S3 and back", () => {
  const root = mkdtempSync(join(tmpdir(), "backup-pg-"));
  let postgres: TestPostgres;
  let s3: S3Server;
  let store: Store;
  let transport: Transport;

  beforeAll(async () => {
    [postgres, s3] = await Promise.all([testPostgres(), s3Server()]);
    const { bucket, region, endpoint, credentials } = s3;
    store = s3Store({ bucket, prefix: "production", region, endpoint, credentials });
    const host = { name: "here", address: "here", port: 22, username: "", roles: [] };
    transport = await localConnector({ home: root })(host);
    const literal = password.replaceAll("'", "''");
    await postgres.ask(
      "postgres",
      `create role shop login superuser password '${literal}'; create database shop owner shop;`,
    );
    await postgres.ask("shop", fill);
  });
  afterAll(async () => {
    await transport?.close();
    store?.close();
    await Promise.all([postgres?.close(), s3?.stop()]);
    rmSync(root, { recursive: true, force: true });
  });

  const url = (name: string): string =>
    `postgres://shop:${encodeURIComponent(password)}@127.0.0.1:${postgres.port}/${name}?sslmode=disable`;
  const source = (name = "shop") =>
    ({ kind: "postgres", globals: false, server: parseDatabaseUrl(url(name), "postgres") }) as const;
  const request = (change: Partial<BackupRequest> = {}): BackupRequest => ({
    app: "shop",
    environment: "production",
    source: source(),
    transport,
    store,
    recipients,
    verify: "read",
    compression: "auto",
    minimum: 1000,
    run: "4711",
    now: new Date(),
    ...change,
  });
  const failed = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => "fine",
      (error) => (error instanceof DeployError ? error.problem.code : error),
    );

  test("round trip with a password of odd characters, proved by a scratch database, over what is there", async () => {
    const notes: string[] = [];
    const made = await makeBackup(
      request({ verify: "restore", identity, onNote: (note) => notes.push(note) }),
    );
    expect(made.proofs).toEqual(["parsed", "read-back", "decrypted", "restored"]);
    expect(made.database).toMatchObject({
      name: "shop",
      tool: expect.stringMatching(/^pg_dump /),
      tables: 2,
    });
    expect(await databases()).toEqual(["postgres", "shop"]);
    const before = await postgres.ask("shop", digest);
    await postgres.ask("shop", "drop table orders cascade; create table bad (x int);");
    const freshBackup = () => makeBackup(request());
    const restored = await restoreBackup({
      ...request(),
      backup: made,
      identity,
      into: { kind: "replace", confirm: "shop", freshBackup },
    });
    expect(await postgres.ask("shop", digest)).toBe(before);
    expect(await postgres.ask(restored.previous ?? "", "select count(*) from bad")).toBe("0");
    expect((await listBackups(store)).backups.length).toBe(2);
  });

  test("a wrong password, a wrong name, another database: refused, and nothing secret is said", async () => {
    const wrong = { ...source().server, password: new Secret("hunter2 is wrong") };
    const caught = await makeBackup(request({ source: { ...source(), server: wrong } })).catch(
      (error) => error,
    );
    expect(caught.problem.code).toBe("backup-source");
    expect(JSON.stringify(caught.problem)).not.toContain("hunter2");
    expect(await failed(makeBackup(request({ source: source("nowhere") })))).toBe("backup-source");
    expect(await failed(makeBackup(request({ source: source("postgres") })))).toBe("backup-identity");
  });

  test("the newest stay, and the bucket holds nothing else", async () => {
    const made = await makeBackup(request());
    const { backups } = await listBackups(store);
    const verdicts = planRetention(backups, { app: "shop", environment: "production", keep: 1 }, new Date());
    const { denied } = await applyRetention(store, verdicts);
    expect(denied).toEqual([]);
    const keys: string[] = [];
    for await (const { key } of store.list("")) keys.push(key);
    expect(keys.sort()).toEqual([`${made.id}.json`, made.stored.key].sort());
    expect(await store.listUnfinished("")).toEqual([]);
  });

  const databases = async (): Promise<readonly string[]> =>
    (
      await postgres.ask("postgres", "select datname from pg_database where not datistemplate order by 1")
    ).split("\n");
});

const fill = `
create table orders (id int primary key, note text, body bytea, twice int generated always as (id * 2) stored);
insert into orders (id, note, body) select n, 'it''s "no" ' || chr(128512) || n, decode('00ff0a0d', 'hex') from generate_series(1, 5000) n;
create table "odd ""name" (a int);
create view big as select * from orders where id > 4000;
create sequence numbers start 42;
`;
const digest = `select md5(string_agg(o::text, '|' order by id)), count(*), (select count(*) from big) from orders o`;
