import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Plan, Report } from "@deploy/core";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { openShop, type Ran, type Shop } from "./shop.ts";

const [one, two] = ["1", "2"].map((digit) => ["--commit", digit.repeat(40)]) as [string[], string[]];

let shop: Shop;
beforeEach(async () => {
  shop = await openShop(undefined, { attempts: 2 });
});
afterEach(() => shop.close());

const releaseOf = ({ out }: Ran): string => (JSON.parse(out) as Report).release;

test("a dead server is left out by name, remembered by the next plan and status, and brought along", async () => {
  const dead = shop.servers[2];
  const { name } = dead.host;
  const old = releaseOf(await shop.deploy(["run", "--yes", "--json", ...one]));
  writeFileSync(join(shop.folder, "page"), "two\n");
  dead.refuse(1_000);
  const stopped = await shop.deploy(["run", "--yes", ...two]);
  expect([stopped.exitCode, stopped.out]).toEqual([1, expect.stringContaining(`--without ${name}`)]);

  const ran = await shop.deploy(["run", "--yes", "--json", "--without", name, ...two]);
  const release = releaseOf(ran);
  expect([ran.exitCode, shop.live()]).toEqual([0, [release, release, old]]);
  expect(ran.err).toContain(`left out by name: ${name}`);
  const behind = `${name} was left out when ${release} was deployed, and is behind: it`;
  const status = await shop.deploy(["status"]);
  expect([status.exitCode, status.out]).toEqual([4, expect.stringContaining(`${behind} could not be read`)]);

  dead.refuse(0);
  expect((await shop.deploy(["status"])).out).toContain(`${behind} serves ${old}`);
  const plan = JSON.parse((await shop.deploy(["plan", "--json", ...two])).out) as Plan;
  expect([plan.changed, plan.warnings[0]]).toEqual([true, `${behind} serves ${old}`]);
  const along = await shop.deploy(["reconcile", "--yes", ...two]);
  expect([along.exitCode, shop.live()]).toEqual([0, [release, release, release]]);
  const well = await shop.deploy(["status"]);
  expect([well.exitCode, well.out.includes("left out")]).toEqual([0, false]);
});

test("a rollback goes without a dead server, too; without the leader nothing does", async () => {
  const old = releaseOf(await shop.deploy(["run", "--yes", "--json", ...one]));
  writeFileSync(join(shop.folder, "page"), "two\n");
  const release = releaseOf(await shop.deploy(["run", "--yes", "--json", ...two]));
  const dead = shop.servers[1];
  dead.refuse(1_000);
  expect((await shop.deploy(["rollback", "--yes"])).exitCode).toBe(1);
  const back = await shop.deploy(["rollback", "--yes", "--without", dead.host.name]);
  expect([back.exitCode, shop.live()]).toEqual([0, [old, release, old]]);
  const leader = await shop.deploy(["rollback", "--yes", "--without", shop.servers[0].host.name]);
  expect([leader.exitCode, leader.err]).toEqual([2, expect.stringContaining("which is the leader")]);
});
