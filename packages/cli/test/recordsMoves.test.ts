import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openShop, type Shop } from "./shop.ts";

let folder: string;
let shop: Shop;
let config: string;
const deploy = (...args: string[]) => shop.deploy(args);
const run = (digit: string) => deploy("run", "--yes", "--json", "--commit", digit.repeat(40));
const audit = () => deploy("audit", "verify");
const records = () => join(folder, "records");
const configFile = () => join(shop.folder, ".github/deploy.yml");
const entryOf = (sequence: number) => join(records(), `audit/shop/production/0000000${sequence}.json`);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "deploy-records-"));
  shop = await openShop(folder);
  config = readFileSync(configFile(), "utf8");
});
afterAll(async () => {
  await shop.close();
  rmSync(folder, { recursive: true });
});

test("records-unconfigured: with the line that is named, each run from then on is kept", async () => {
  const refused = await audit();
  expect(refused.err).toContain("records-unconfigured");
  expect([refused.exitCode, refused.err]).toEqual([
    1,
    expect.stringContaining("Add `records: { store: s3://bucket/prefix }`"),
  ]);
  writeFileSync(configFile(), `records: { store: ${records()} }\n${config}`);
  expect([(await audit()).exitCode, (await audit()).out]).toEqual([0, "No record is kept yet.\n"]);
  const ran = await run("1");
  expect([ran.exitCode, ran.err]).toEqual([
    0,
    expect.stringMatching(/Record 1 of production is kept in .*records: [0-9a-f]{64}/),
  ]);
  const rolled = await run("2");
  expect(rolled.exitCode).toBe(0);
  expect((await audit()).out).toMatch(/^2 of 2 entries are proved\. The newest is 2, [0-9a-f]{64}\.\n$/);
});

test("a dry run is no run, and is not kept", async () => {
  expect((await deploy("run", "--dry-run", "--commit", "3".repeat(40))).exitCode).toBe(0);
  expect(existsSync(entryOf(3))).toBe(false);
});

test("the history has both witnesses, says who and how long, and the age of a commit", async () => {
  const ran = await deploy("history");
  expect([ran.exitCode, ran.out]).toEqual([
    0,
    expect.stringMatching(/deployed +\S+-2222222 +\S+ +3 hosts +\S+@\S+ +[\d.]+ m?s/),
  ]);
  expect(ran.out).toMatch(/^In 30 days: 2 deploys, .* from commit to live, none went back\.$/m);
  const { changes } = JSON.parse((await deploy("history", "--json")).out);
  expect(changes.map(({ told }: { told: string }) => told)).toEqual(["both", "both"]);
});

test("what the servers do not tell of, and what no record tells of, is told", async () => {
  const folder = join(records(), "reports/shop/production");
  // Runs that end within one second are in no order by name.
  const files = readdirSync(folder).map((name) => join(folder, name));
  const file = files.find((one) => readFileSync(one, "utf8").includes('-2222222"')) ?? "";
  const text = readFileSync(file, "utf8");
  rmSync(file);
  const lacking = await deploy("history");
  expect([lacking.exitCode, lacking.out]).toEqual([
    4,
    expect.stringMatching(/-2222222 .*! no record tells of it/),
  ]);
  writeFileSync(file, text.replace(/"run":"[^"]*"/, '"run":"laptop:mallory@desk"'));
  expect((await deploy("history")).out).toMatch(/mallory@desk.*! no server tells of it/);
  writeFileSync(file, text);
  expect((await deploy("history")).exitCode).toBe(0);
});

test("records-damaged: the audit names what was altered, and with it as it was all goes on", async () => {
  const head = join(records(), "audit/shop/production/head.json");
  const [whole, entry] = [readFileSync(head, "utf8"), readFileSync(entryOf(1), "utf8")];
  writeFileSync(entryOf(1), entry.replace('"actor":"', '"actor":"x'));
  const altered = await audit();
  expect([altered.exitCode, altered.out]).toEqual([
    4,
    expect.stringContaining("changed: audit/shop/production/00000001.json"),
  ]);
  expect(altered.out).toContain("Next: bring what is named first back");
  writeFileSync(entryOf(1), entry);
  writeFileSync(head, whole.replace('"sequence":2', '"sequence":1'));
  const ran = await run("4");
  // The deploy is what it is: that its record is not chained is said, and stops nothing.
  expect([ran.exitCode, ran.out + ran.err]).toEqual([
    0,
    expect.stringContaining("The record of this run was not kept in"),
  ]);
  for (const word of [
    "records-damaged",
    "head.json",
    "`deploy audit verify`",
    "another prefix in `records.store`",
  ])
    expect(ran.out + ran.err).toContain(word);
  writeFileSync(head, whole);
  expect((await audit()).out).toMatch(/^unchained: reports\/shop\/production\/\S+: no entry speaks of it$/m);
  writeFileSync(configFile(), `records: { store: ${records()}-anew }\n${config}`);
  expect((await run("5")).exitCode).toBe(0);
  expect((await audit()).exitCode).toBe(0);
});

test("a place that cannot be written fails no deploy, and is said", async () => {
  const file = join(folder, "no-folder");
  writeFileSync(file, "");
  chmodSync(file, 0o400);
  writeFileSync(configFile(), `records: { store: ${file} }\n${config}`);
  const ran = await run("6");
  const { result, warnings } = JSON.parse(ran.out);
  expect([ran.exitCode, result, warnings.at(-1)]).toEqual([
    0,
    "deployed",
    expect.stringContaining(`was not kept in ${file}`),
  ]);
});
