import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Report } from "@deploy/core";
import { hostTree } from "@deploy/testkit";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { migrationsOn, openShop, type Ran, type Shop } from "./shop.ts";

const one = ["--commit", "1".repeat(40)];
const two = ["--commit", "2".repeat(40)];

let shop: Shop;
beforeEach(async () => {
  shop = await openShop();
});
afterEach(() => shop.close());

const reportOf = ({ out }: Ran): Report => JSON.parse(out) as Report;
const everything = () => shop.servers.map(({ root }) => hostTree(root, { mtime: true }));

function page(text: string): void {
  writeFileSync(join(shop.folder, "page"), text);
}

/** Another command for the migration of what is deployed next. */
function migrateWith(command: string): void {
  const file = join(shop.folder, ".github/deploy.yml");
  writeFileSync(file, readFileSync(file, "utf8").replace(/^migrate: .*$/m, `migrate: ${command}`));
}

async function run(commit: readonly string[], ...more: readonly string[]): Promise<Ran> {
  return shop.deploy(["run", "--yes", "--json", ...commit, ...more]);
}

/** A run that ended and left its lock: the leader's state says that another run holds it for ten minutes. */
function leaveLock(): void {
  const state = join(shop.servers[0].root, "shop/.deploy/lock/state");
  const expiry = Math.floor(Date.now() / 1000) + 600;
  writeFileSync(state, `1 40 ${expiry} org/shop/41 org/shop 41 1 ann abc migrate\n`);
}

function letGo(): void {
  writeFileSync(join(shop.servers[0].root, "go"), "");
}

async function until(is: () => boolean): Promise<void> {
  while (!is()) await new Promise((done) => setTimeout(done, 20));
}

test("unlock: shows who holds it, asks, and only a yes frees it; then the next run goes", async () => {
  expect((await run(one)).exitCode).toBe(0);
  leaveLock();
  page("two\n");
  expect((await run(two)).exitCode).toBe(5);
  const before = everything();
  const no = await shop.deploy(["unlock"], { typed: "n\n" });
  expect([no.exitCode, everything()]).toEqual([130, before]);
  expect(no.out).toContain("run 41 of org/shop (ann)");
  expect(no.err).toContain("Unlock? [y/N] Cancelled; nothing was changed.");
  const dry = await shop.deploy(["unlock", "--dry-run"]);
  expect([dry.exitCode, everything()]).toEqual([0, before]);
  const refused = await shop.deploy(["unlock"]);
  expect([refused.exitCode, refused.err]).toEqual([2, expect.stringContaining("confirmation-missing")]);

  const yes = await shop.deploy(["unlock", "--yes", "--json"]);
  expect([yes.exitCode, JSON.parse(yes.out)]).toEqual([
    0,
    expect.objectContaining({ result: "unlocked", held: expect.objectContaining({ id: "org/shop/41" }) }),
  ]);
  const again = await shop.deploy(["unlock", "--yes", "--json"]);
  expect([again.exitCode, JSON.parse(again.out).result]).toEqual([0, "free"]);
  expect((await run(two)).exitCode).toBe(0);
});

test("freeze and unfreeze: nobody deploys in between, and they are told why", async () => {
  const frozen = await shop.deploy(["freeze", "stock", "taking", "$(touch ~/pwned)"]);
  expect([frozen.exitCode, frozen.out]).toEqual([
    0,
    expect.stringContaining("shop on production is frozen: stock taking $(touch ~/pwned)"),
  ]);
  const ran = await run(one);
  expect([ran.exitCode > 0, ran.out.includes("stock taking"), shop.live()]).toEqual([
    true,
    true,
    [null, null, null],
  ]);
  expect((await shop.deploy(["status"])).out).toContain("stock taking $(touch ~/pwned)");
  expect((await shop.deploy(["unfreeze"])).out).toContain("is not frozen any more");
  const again = await shop.deploy(["unfreeze", "--json"]);
  expect([again.exitCode, JSON.parse(again.out)]).toEqual([
    0,
    { schema: 1, result: "unfrozen", exitCode: 0, was: false },
  ]);
  expect((await run(one)).exitCode).toBe(0);
  expect(existsSync(join(shop.servers[0].root, "pwned"))).toBe(false);
});

test("a freeze without a reason is a mistake, and touches nothing", async () => {
  const before = everything();
  expect((await shop.deploy(["freeze"])).exitCode).toBe(2);
  expect([(await shop.deploy(["freeze", " "])).exitCode, everything()]).toEqual([2, before]);
});

test("a failed migration: status shows the end of its output, a run stops, --retry goes on", async () => {
  migrateWith("'echo no such table; [ -e ~/go ] || exit 3; echo migrated >>~/migrations'");
  const failed = await run(one);
  expect([failed.exitCode, shop.live()]).toEqual([1, [null, null, null]]);
  const status = await shop.deploy(["status"]);
  expect(status.out).toMatch(/migrate-\S+ +done, exit code 3/);
  expect(status.out).toContain("| no such table");
  letGo();
  expect([(await run(one)).exitCode, migrationsOn(shop.servers[0])]).toEqual([1, 0]);
  const again = await run(one, "--retry");
  expect([again.exitCode, migrationsOn(shop.servers[0])]).toEqual([0, 1]);
  const listed = JSON.parse((await shop.deploy(["status", "--json"])).out) as {
    jobs: { host: string; jobs: { state: string; code: number; tail: string[] }[] }[];
  };
  expect(
    listed.jobs.map(({ host, jobs }) => [host, jobs.map(({ state, code, tail }) => [state, code, tail])]),
  ).toEqual(
    shop.servers.map(({ host }, index) => [host.name, index === 0 ? [["done", 0, ["no such table"]]] : []]),
  );
});

test("while a migration runs: status follows it, unlock is refused, and another run waits for it", async () => {
  migrateWith("'echo begun; while [ ! -e ~/go ]; do sleep 0.1; done; echo migrated >>~/migrations'");
  const first = run(one);
  const jobs = join(shop.servers[0].root, "shop/.deploy/jobs");
  await until(() => existsSync(jobs));
  await until(() => readdirSync(jobs).some((job) => existsSync(join(jobs, job, "claim"))));
  const status = await shop.deploy(["status"]);
  expect(status.out).toMatch(/migrate-\S+ runs on \S+, process \d+, since \d+ s/);
  const unlock = await shop.deploy(["unlock", "--yes"]);
  expect([unlock.exitCode > 0, unlock.err]).toEqual([true, expect.stringContaining("job-running")]);

  page("two\n");
  migrateWith("'true'");
  const second = run(two, "--lock-wait", "5m");
  letGo();
  const [done, waited] = [await first, await second];
  expect([done.exitCode, waited.exitCode, migrationsOn(shop.servers[0])]).toEqual([0, 0, 1]);
  const { release } = reportOf(waited);
  expect(shop.live()).toEqual([release, release, release]);
});

test("reconcile: a server that lost its release gets it from the packed folder; the others are not touched", async () => {
  page("one\n");
  const { release } = reportOf(await run(one));
  const { root } = shop.servers[2];
  rmSync(join(root, "shop"), { recursive: true });
  expect((await shop.deploy(["status"])).exitCode).toBe(4);
  const before = everything().slice(1, 2);
  page("other files\n");
  const refused = await shop.deploy(["reconcile", "--yes", ...one]);
  expect([refused.exitCode, refused.out + refused.err, existsSync(join(root, "shop"))]).toEqual([
    1,
    expect.stringContaining("reconcile-artifact"),
    false,
  ]);
  page("one\n");
  const ran = await shop.deploy(["reconcile", "--yes", ...one]);
  expect([ran.exitCode, shop.live()]).toEqual([0, [release, release, release]]);
  expect([everything().slice(1, 2), migrationsOn(shop.servers[0]), migrationsOn(shop.servers[2])]).toEqual([
    before,
    1,
    0,
  ]);
  const again = await shop.deploy(["reconcile", "--yes", "--json"]);
  expect([again.exitCode, reportOf(again).changed]).toEqual([0, false]);
});

test.each([
  [["run", "--lock-wait", "10"], "expected a duration with its unit"],
  [["run", "--resolve", "skip"], "Allowed choices are retry, done"],
  [["unlock", "web1"], "too many arguments"],
])("%j is a mistake", async (args, message) => {
  const ran = await shop.deploy(args);
  expect([ran.exitCode, ran.err]).toEqual([2, expect.stringContaining(message)]);
});
