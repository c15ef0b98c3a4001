import { describe, expect, test } from "@jest/globals";
import { type Backup, DeployErrors, formatConfigProblem, parseBackup, parseConfig } from "../../src/index.ts";
import { around, parse } from "./helpers.ts";

const keeping = {
  encryptTo: [],
  from: "leader",
  proof: "read",
  compression: "auto",
  minimum: 64,
  keep: 14,
} as const;
const store = { to: "s3://shop-backups/production", checksums: "crc32" } as const;
const recipient = "age1axhest3v89dpa93ffvlunr68gdqvxhaecwygprrfsfxm229jgvrs6xqtal";
const publicKey = "MCowBQYDK2VwAyEA1nX0sVY1tq7vNa9DSb0dKs6kOR6c2ue0bZV7hxTQ5Ms=";
const day = 86_400_000;

const read = (part: string, overrides = {}): Backup | undefined =>
  parseBackup(`backup: ${part}\n`, { file: "deploy.yml", overrides });

function problems(part: string | undefined, overrides = {}): readonly string[] {
  try {
    const text = part === undefined ? undefined : `backup: ${part}\n`;
    parseBackup(text, { file: "deploy.yml", overrides });
  } catch (error) {
    if (error instanceof DeployErrors) return error.problems.map(formatConfigProblem);
    throw error;
  }
  return [];
}

describe("a backup of a file", () => {
  test("nothing said: none", () => {
    expect(parseBackup("app: shop\n", { file: "deploy.yml" })).toBeUndefined();
    expect(parseBackup(undefined, { file: "deploy.yml" })).toBeUndefined();
  });

  test.each(["postgres", "mysql", "mariadb"] as const)("%s, with the defaults", (database) => {
    expect(read(`{ database: ${database}, store: s3://shop-backups/production }`)).toEqual({
      database,
      urlSecret: "DATABASE_URL",
      store,
      ...keeping,
    });
  });

  test.each<[string, string, unknown]>([
    ["files", "paths: [public/uploads/, ./log], store: /mnt/backups", { paths: ["public/uploads", "log"] }],
    ["sqlite", "path: data/shop.db, store: /mnt/backups", { path: "data/shop.db" }],
    [
      "command",
      "run: d, verify: v, restore: r, store: /mnt/backups",
      { run: "d", verify: "v", restore: "r" },
    ],
  ])("%s to a store", (database, keys, source) => {
    expect(read(`{ database: ${database}, ${keys} }`)).toEqual({
      database,
      ...(source as object),
      store: { to: "/mnt/backups", checksums: "crc32" },
      ...keeping,
    });
  });

  test("every key", () => {
    const text = `
backup:
  database: postgres
  url-secret: PRIMARY_URL_2
  globals: true
  store: s3://shop-backups/production
  endpoint: https://s3.example.com
  region: eu-central-1
  path-style: true
  checksums: when-required
  sse: aws:kms
  sse-kms-key-id: alias/backups
  role: arn:aws:iam::123456789012:role/backup
  encrypt-to: [${recipient}]
  signed-by: [${publicKey}]
  from: runner
  verify: restore
  compression: zstd
  level: 19
  minimum-size: 1MB
  keep: 30
  keep-for: 90d
`;
    expect(parseBackup(text, { file: "deploy.yml" })).toEqual({
      database: "postgres",
      urlSecret: "PRIMARY_URL_2",
      globals: true,
      store: {
        to: "s3://shop-backups/production",
        endpoint: "https://s3.example.com",
        region: "eu-central-1",
        pathStyle: true,
        checksums: "when-required",
        sse: "aws:kms",
        sseKmsKeyId: "alias/backups",
        role: "arn:aws:iam::123456789012:role/backup",
      },
      encryptTo: [recipient],
      signedBy: [publicKey],
      from: "runner",
      proof: "restore",
      compression: "zstd",
      level: 19,
      minimum: 1_000_000,
      keep: 30,
      keepFor: 90 * day,
    });
  });

  test.each([
    ["0", 0],
    ["4096", 4096],
    ["'4096'", 4096],
    ["4KB", 4000],
    ["4KiB", 4096],
    ["2GB", 2_000_000_000],
    ["1024GiB", 1024 ** 4],
  ])("minimum-size %s is %d bytes", (written, bytes) => {
    expect(read(`{ database: mysql, store: /b, minimum-size: ${written} }`)?.minimum).toBe(bytes);
  });

  test.each(["postgres", "mariadb"])("globals of %s: none unless asked for", (database) => {
    expect(read(`{ database: ${database}, store: /b, globals: false }`)).not.toHaveProperty("globals");
  });

  test("the URL may stand in a file of the leader", () => {
    expect(read("{ database: postgres, store: /b, url-from: ./.env }")).toMatchObject({ urlFrom: ".env" });
  });

  test("a command's verify is a command: it is read, never restored", () => {
    expect(read("{ database: command, run: d, verify: restore }")).toEqual({
      database: "command",
      run: "d",
      verify: "restore",
      ...keeping,
    });
  });

  test("an environment's own replaces the file's as a whole, and it is part of the whole config", () => {
    const text =
      "backup: { database: sqlite, path: a.db }\nenvironments: { staging: { backup: { database: files, paths: [a], store: /b } } }\n";
    expect(parseBackup(text, { file: "f", environment: "staging" })?.database).toBe("files");
    const whole = parseConfig(around("backup: { database: sqlite, path: a.db, keep: 2 }"), { file: "f" });
    expect(whole.backup).toEqual({ database: "sqlite", path: "a.db", ...keeping, keep: 2 });
    expect(Object.isFrozen(whole.backup?.encryptTo)).toBe(true);
  });
});

describe("a backup of inputs", () => {
  test("they suffice, each of them", () => {
    const overrides = {
      database: "postgres",
      urlSecret: "URL",
      globals: "true",
      store: "s3://b",
      endpoint: "http://127.0.0.1:7070",
      region: "us-east-1",
      pathStyle: "false",
      checksums: "crc32",
      role: "arn:aws:iam::123456789012:role/b",
      encryptTo: `# ops\n${recipient}\n\n`,
      from: "runner",
      verify: "restore",
      compression: "gzip",
      level: "6",
      minimumSize: "10",
      keep: "3",
      keepFor: "36h",
    };
    expect(parseBackup(undefined, { file: "deploy.yml", overrides })).toEqual({
      database: "postgres",
      urlSecret: "URL",
      globals: true,
      store: {
        to: "s3://b",
        endpoint: "http://127.0.0.1:7070",
        region: "us-east-1",
        pathStyle: false,
        checksums: "crc32",
        role: "arn:aws:iam::123456789012:role/b",
      },
      encryptTo: [recipient],
      from: "runner",
      proof: "restore",
      compression: "gzip",
      level: 6,
      minimum: 10,
      keep: 3,
      keepFor: 1.5 * day,
    });
    const files = { database: "files", paths: "uploads\nlog", store: "/b" };
    expect(parseBackup(undefined, { file: "f", overrides: files })).toMatchObject({
      paths: ["uploads", "log"],
    });
    const command = { database: "command", run: "d", verify: "v", restoreCommand: "r" };
    expect(parseBackup(undefined, { file: "f", overrides: command })).toMatchObject({ restore: "r" });
    const sqlite = { database: "sqlite", path: "a.db" };
    expect(parseBackup(undefined, { file: "f", overrides: sqlite })).toMatchObject({ path: "a.db" });
  });

  test("they win over the file, value by value", () => {
    const overrides = { keep: "2", store: "/b" };
    expect(read("{ database: sqlite, path: a.db, keep: 9 }", overrides)).toEqual({
      database: "sqlite",
      path: "a.db",
      store: { to: "/b", checksums: "crc32" },
      ...keeping,
      keep: 2,
    });
  });

  test("what is wrong is named as the input it is", () => {
    expect(problems(undefined, { store: "/b" })).toEqual([
      "input database: expected postgres, mysql, mariadb, sqlite, files or command, got nothing",
    ]);
    const overrides = {
      database: "command",
      run: "d",
      restoreCommand: "\0",
      encryptTo: `${recipient}\nage1x`,
      level: "20",
      keepFor: "1w",
    };
    expect(problems(undefined, overrides)).toEqual([
      "input verify: expected a command (text without NUL characters), got nothing",
      'input restore-command: expected a command (text without NUL characters), got "\\u0000"',
      'input encrypt-to:2: expected an age recipient (age1…, what age-keygen prints as public key), got "age1x"',
      "input level: expected a whole number from 1 to 19, got 20",
      'input keep-for: expected an age in hours or days, from 1h to 3650d (36h, 14d), got "1w"',
    ]);
  });
});

describe("refused, by place", () => {
  const pg = "database: postgres, store: /b";
  test.each([
    ["{ database: postgres }", "1:1 backup.store: expected s3://bucket"],
    ["{ database: files, store: /b }", "1:1 backup.paths: expected a list of paths, got nothing"],
    [
      "{ database: files, store: /b, paths: [] }",
      "1:46 backup.paths: expected at least one path below shared/",
    ],
    [
      "{ database: files, store: /b, paths: [../x] }",
      "1:47 backup.paths[0]: expected a relative path without ..",
    ],
    ["{ database: sqlite, path: data/ }", "1:35 backup.path: expected a relative path"],
    ["{ database: sqlite }", "1:1 backup.path: expected a relative path"],
    ["{ database: posgres, store: /b }", 'got "posgres". Did you mean "postgres"?'],
    ["{ database: mongodb }", 'got "mongodb", which is not available yet'],
    [`{ ${pg}, url: x }`, "1:42 backup.url: expected one of database, url-secret, url-from"],
    [`{ ${pg}, url-secret: db_url }`, "1:54 backup.url-secret: expected the name of a secret"],
    [`{ ${pg}, from: server }`, "1:48 backup.from: expected one of leader, runner"],
    [`{ ${pg}, verify: full }`, "1:50 backup.verify: expected one of read, restore"],
    [`{ ${pg}, compression: xz }`, "1:55 backup.compression: expected one of auto, zstd, gzip, none"],
    [`{ ${pg}, level: 0 }`, "1:49 backup.level: expected a whole number from 1 to 19, got 0"],
    [`{ ${pg}, minimum-size: 4kb }`, "1:56 backup.minimum-size: expected a size from 0 to 1 TiB"],
    [`{ ${pg}, minimum-size: -1 }`, "1:56 backup.minimum-size: expected a size from 0 to 1 TiB"],
    [`{ ${pg}, minimum-size: 2000GB }`, "1:56 backup.minimum-size: expected a size from 0 to 1 TiB"],
    [
      `{ ${pg}, url-from: ../.env }`,
      '1:52 backup.url-from: expected a relative path without .. or control characters, such as public/uploads, got "../.env"',
    ],
    [
      `{ ${pg}, url-from: .env, from: runner }`,
      '1:52 backup.url-from: expected no `url-from` beside `from: runner`, since the file lies on the leader, got ".env"',
    ],
    [`{ ${pg}, sse: kms }`, '1:47 backup.sse: expected one of AES256, aws:kms, got "kms"'],
    [`{ ${pg}, globals: yes please }`, "1:51 backup.globals: expected true or false"],
    [
      "{ database: mysql, store: /b, globals: true }",
      "1:48 backup.globals: expected false, or `database: postgres` beside it, got true",
    ],
    [
      "{ database: sqlite, path: a.db, globals: true }",
      "1:41 backup.globals: expected one of database, path, store",
    ],
    [`{ ${pg}, keep: 0 }`, "1:48 backup.keep: expected a whole number from 1 to 1000"],
    [`{ ${pg}, encrypt-to: age1x }`, "1:54 backup.encrypt-to: expected a list of age recipients"],
    [
      `{ ${pg}, encrypt-to: [${recipient.replace("st3", "ts3")}] }`,
      "1:55 backup.encrypt-to[0]: expected an age",
    ],
    [`{ ${pg}, signed-by: [] }`, "1:53 backup.signed-by: expected at least one public key"],
    [`{ ${pg}, signed-by: [${publicKey.slice(1)}] }`, "1:54 backup.signed-by[0]: expected the public half"],
    [`{ ${pg}, encrypt-to: [${recipient.slice(0, -1)}] }`, "1:55 backup.encrypt-to[0]: expected an age"],
    [`{ ${pg}, encrypt-to: [${recipient.toUpperCase()}] }`, "1:55 backup.encrypt-to[0]: expected an age"],
  ])("%s", (part, expected) => {
    expect(problems(part)).toEqual([expect.stringContaining(expected)]);
  });

  test.each([
    ["encrypt-to", `encrypt-to: [${recipient}]`],
    ["signed-by", `signed-by: [${publicKey}]`],
    ["from", "from: runner"],
    ["compression", "compression: zstd"],
    ["minimum-size", "minimum-size: 1"],
    ["keep-for", "keep-for: 3d"],
    ["verify", "verify: restore"],
    ["region", "region: eu-central-1"],
  ])("%s without a store: nobody may believe that it is done", (key, written) => {
    expect(problems(`{ database: sqlite, path: a.db, ${written} }`)).toEqual([
      expect.stringContaining(`backup.${key}: expected a store beside it`),
    ]);
  });

  test("a secret in the wrong place is not repeated", () => {
    const key = "AGE-SECRET-KEY-1Y743NKWN5PSUQMF2XDV8J459096DQS9RJM7D4STCD0LMPJT94FKQAKPARW";
    const url = "postgres://shop:p@ss/w:rd@db.example.com/shop";
    const signing = "MC4CAQAwBQYDK2VwBCIEIAQ4aKCfqkXtTPbyUdeLdRxGzDuXCA1UPmKYfpKhc9aX";
    const said = [
      ...problems(`{ ${pg}, encrypt-to: [${key}] }`),
      ...problems(`{ ${pg}, signed-by: [${signing}] }`),
      ...problems(`{ ${pg}, url-secret: "${url}" }`),
      ...(parse(around(`backup: { database: "${url}" }`)) as readonly string[]),
    ];
    expect(said.map((line) => line.slice(line.indexOf("got ")).slice(0, 42))).toEqual([
      'got "AGE-SECRET-KEY-…"',
      'got "MC4CAQAwBQYDK2Vw…"',
      'got "postgres://…@db.example.com/shop"',
      'got "postgres://…@db.example.com/shop"',
    ]);
  });
});
