import { type BundleRan, needs, openPostgres, type Postgres, type S3Server, s3Server } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { ageKeys } from "./age.ts";
import { readFiles } from "./files.ts";
import { type Job, openJob } from "./job.ts";
import { findLeaks, withoutMasks } from "./leaks.ts";

const password = "h@rd: 'pa$$'/w%rd+1";

needs(
  "postgres",
  "versitygw",
  "age",
)("secrets of a database and of its store", () => {
  const key = ageKeys();
  let [job, postgres, s3] = [] as unknown as [Job, Postgres, S3Server];
  let url: string;
  let inputs: Readonly<Record<string, string>>;

  beforeAll(async () => {
    [job, postgres, s3] = await Promise.all([openJob(), openPostgres(), s3Server()]);
    const literal = password.replaceAll("'", "''");
    await postgres.ask("postgres", `create role shop login createdb password '${literal}'`);
    await postgres.ask("postgres", "create database shop owner shop");
    url = urlFor(password);
    inputs = {
      ...{ app: "shop", database: "postgres", url, "age-key": key.identity, "encrypt-to": key.recipient },
      ...{ store: `s3://${s3.bucket}/shop`, endpoint: s3.endpoint, region: s3.region },
      ...{ "aws-access-key-id": s3.accessKey, "aws-secret-access-key": s3.secretKey },
    };
  });
  afterAll(async () => {
    await Promise.all([job?.close(), postgres?.close(), s3?.stop()]);
  });

  const urlFor = (word: string) =>
    `postgres://shop:${encodeURIComponent(word)}@127.0.0.1:${postgres.port}/shop?sslmode=disable`;

  /** What a person sees, what a program could read, and what is left on the runner and on hosts. */
  function leaksOf(ran: BundleRan, more: Readonly<Record<string, string>> = {}): readonly string[] {
    const { log, summary, annotations, outputs, state, raw } = ran;
    const secrets = { url, password, key: key.identity, "aws key": s3.secretKey, ...more };
    const told = { log, summary, annotations: JSON.stringify(annotations) };
    const left = { outputs: JSON.stringify({ ...outputs, ...state }), ...readFiles(job.temp) };
    const hosts = job.fleet.servers.map(({ root }) => Object.values(readFiles(root)).join("\n")).join("\n");
    return findLeaks(secrets, { raw: withoutMasks(raw), hosts, ...told, ...left });
  }

  test("what is searched for is found where it is", () => {
    const places = { log: `connecting as ${password}`, raw: `key ${key.identity}`, other: "nothing" };
    expect(findLeaks({ password, key: key.identity }, places)).toEqual(["password in log", "key in raw"]);
  });

  test("a backup and a restore that go well tell none", async () => {
    const made = await job.step("backup", inputs);
    expect([made.code, made.outputs.result, leaksOf(made)]).toEqual([0, "backed-up", []]);
    const back = await job.step("restore", inputs);
    expect([back.code, back.outputs.result, leaksOf(back)]).toEqual([0, "restored", []]);
  });

  test.each([
    ["a wrong password", "backup-source", (wrong: string) => ({ url: urlFor(wrong) })],
    [
      "a key of the store that is wrong",
      "store-credentials",
      (wrong: string) => ({ "aws-secret-access-key": wrong }),
    ],
    ["a URL that is none", "database-url", (wrong: string) => ({ url: `postgres//shop:${wrong}@db/shop` })],
    [
      "a URL of another database",
      "database-url",
      (wrong: string) => ({ url: `mysql://shop:${wrong}@db/shop` }),
    ],
    ["an age key that is cut", "backup-key", () => ({ "age-key": key.identity.slice(0, -7) })],
  ] as const)("%s: a failed backup tells none", async (_, code, change) => {
    const wrong = "an0ther: wr@ng one";
    const ran = await job.step("backup", { ...inputs, ...change(wrong) });
    const titles = ran.annotations.map(({ properties }) => properties.title);
    expect([ran.code, titles, leaksOf(ran, { wrong })]).toEqual([1, [code], []]);
  });

  test("a migration is not begun where its backup fails, whatever the reason", async () => {
    const { store, endpoint, region, database } = inputs;
    const backup = { database, store, endpoint, region };
    job.write({
      ".github/deploy.yml": JSON.stringify({ app: "shop", backup, migrate: "touch ~/migrated" }),
    });
    const uploaded = await job.step("upload");
    const keys = { "aws-access-key-id": s3.accessKey, "aws-secret-access-key": s3.secretKey };
    const nowhere = url.replace("/shop?", "/nowhere?");
    for (const [code, given] of [
      ["backup-source", { ...keys, "database-url": nowhere }],
      ["database-url", keys],
      ["store-credentials", { ...keys, "aws-secret-access-key": "wr0ng-key", "database-url": url }],
    ] as const) {
      const ran = await job.step("migrate", given);
      const titles = ran.annotations.map(({ properties }) => properties.title);
      const migrated = job.fleet.servers.map(({ root }) => "migrated" in readFiles(root));
      expect([ran.code, ran.outputs.ran, titles, migrated, leaksOf(ran)]).toEqual([
        1,
        "false",
        [code],
        [false, false, false],
        [],
      ]);
    }
    const ran = await job.step("migrate", { ...keys, "database-url": url });
    expect([ran.code, ran.outputs.ran, leaksOf(ran)]).toEqual([0, "true", []]);
    await job.post("upload", uploaded);
  });
});
