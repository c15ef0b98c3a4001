import { existsSync } from "node:fs";
import { join } from "node:path";
import { targetGroups as awsGroups, keyCredentials } from "@deploy/aws";
import { type Pool, Secret } from "@deploy/core";
import { type FakeTargetGroups, fakeTargetGroups } from "@deploy/testkit";
import { systemClock } from "@deploy/transport";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { makeWorld, type World } from "../world.ts";

const next = { commit: "b".repeat(40), release: "20261122T000000Z-bbbbbbb" };
const hosts = ["web1", "web2", "web3"];
const targets = hosts.map((host, index) => ({ host, id: `i-0${index + 1}`, port: undefined }));
const pool: Pool = {
  ...{ kind: "target-group", groups: ["shop"], region: "eu-central-1", targets },
  ...{ deregistrationDelay: 60_000, within: 5000, roles: [] },
};
/** Where a run looks every other second the minutes of AWS pass, a second in some milliseconds. */
const clock = {
  ...systemClock,
  sleep: (time: number, signal?: AbortSignal) => systemClock.sleep(time === 2000 ? 20 : time, signal),
};

let world: World;
let fake: FakeTargetGroups;
beforeEach(async () => {
  world = makeWorld();
  await world.deployed();
  const { activate } = world.config;
  world.config = { ...world.config, activate: { ...activate, strategy: "rolling", pool } };
  const known = targets.map(({ id }) => ({ id, port: 80 }));
  fake = await fakeTargetGroups({
    groups: [{ name: "shop", port: 80, delay: 60, targets: known }],
    now: () => Date.now() * 500,
    initial: 5000,
  });
});
afterEach(async () => {
  await fake.close();
  world.dispose();
});

const deploy = () =>
  world.deploy({
    ...next,
    clock,
    targetGroups: () =>
      awsGroups({
        ...{ region: "eu-central-1", endpoint: fake.url, pace: { pause: 1, attempts: 2, timeout: 5000 } },
        credentials: keyCredentials("AKIATEST", new Secret("secret")),
      }),
  });
const changes = () => fake.asked.filter((line) => /^(Deregister|Register)/.test(line));
const marked = () => hosts.filter((host) => existsSync(join(world.home(host), "shop/.deploy/drained")));

describe("hosts that leave their target group in turn", () => {
  test("each is out of it before it switches, and healthy in it before the next", async () => {
    const report = await deploy();
    expect([report.result, report.problems]).toEqual(["deployed", []]);
    expect(changes()).toEqual(
      ["i-02", "i-03", "i-01"].flatMap((id) => [`DeregisterTargets ${id}`, `RegisterTargets ${id}`]),
    );
    const last = changes().length;
    const { asked } = fake;
    const first = asked.indexOf("DeregisterTargets i-02");
    const looks = asked.slice(first, asked.indexOf("RegisterTargets i-02"));
    // It was seen to drain, not only told to.
    expect(looks.filter((line) => line === "DescribeTargetHealth i-02").length).toBeGreaterThan(1);
    expect([last, marked(), fake.serving("shop").length]).toEqual([6, [], 3]);
  });

  test("what AWS refuses is one error, and nobody was taken out", async () => {
    const [first] = hosts.map((host) => world.live(host));
    fake.refuse("AccessDenied", 9, "DeregisterTargets");
    fake.refuse("AccessDenied", 9, "RegisterTargets");
    const report = await deploy();
    expect([report.result, report.problems.map(({ code }) => code)]).toEqual(["failed", ["pool-denied"]]);
    expect(hosts.map((host) => world.live(host))).toEqual([first, first, first]);
    expect([changes(), marked()]).toEqual([["DeregisterTargets i-02"], []]);
  });

  test("another delay than the plan told stops it before anybody leaves", async () => {
    const { activate } = world.config;
    const told = { ...pool, deregistrationDelay: 30_000 };
    world.config = { ...world.config, activate: { ...activate, pool: told } };
    const report = await deploy();
    expect([report.result, report.problems.map(({ code }) => code)]).toEqual(["failed", ["pool-delay"]]);
    expect(report.headline).toContain("the deregistration delay of shop is 1 min, and the plan says 30 s");
    expect([changes(), marked()]).toEqual([[], []]);
  });
});
