import { existsSync } from "node:fs";
import { join } from "node:path";
import { targetGroups as awsGroups, keyCredentials } from "@deploy/aws";
import { type Plan, type Pool, type PoolKind, Secret } from "@deploy/core";
import { type Means, openFleet } from "@deploy/engine";
import { fakeTargetGroups, type PoolSubject, poolContract } from "@deploy/testkit";
import { localConnector, systemClock } from "@deploy/transport";
import type { Context } from "../../src/context.ts";
import { linkOf } from "../../src/hosts/fleet.ts";
import { driverOf } from "../../src/pools/drivers.ts";
import { makeWorld, type World } from "../world.ts";

const common = { within: 500, roles: [] };
const filePool = {
  kind: "file",
  path: "drain",
  outWhile: "present",
  settle: 1,
  lease: false,
  ...common,
} as const;
const commandPool = {
  kind: "command",
  read: "if [ -e ~/away ]; then echo out; else echo in; fi",
  drain: "touch ~/away",
  return: "rm -f ~/away",
  ...common,
} as const;
const groupPool = {
  kind: "target-group",
  groups: ["shop", "shop-tls"],
  targets: ["web1", "web2"].map((host, index) => ({ host, id: `10.0.0.${index + 1}`, port: undefined })),
  deregistrationDelay: 1000,
  ...common,
} as const;

poolContract("file", () => open(filePool, (home) => !existsSync(join(home, "shop/shared/drain"))));
poolContract("file, the other way round", () =>
  open({ ...filePool, path: "up/serve", outWhile: "absent" }, (home) =>
    existsSync(join(home, "shop/shared/up/serve")),
  ),
);
poolContract("command", () =>
  open({ ...commandPool, inFlight: "echo 0" }, (home) => !existsSync(join(home, "away"))),
);

poolContract("target-group", async () => {
  const targets = [1, 2].map((last) => ({ id: `10.0.0.${last}`, port: 80 }));
  const groups = ["shop", "shop-tls"].map((name) => ({ name, port: 80, delay: 1, targets }));
  const fake = await fakeTargetGroups({ groups, now: () => 0 });
  const asked = () => groups.some(({ name }) => fake.serving(name).some(({ id }) => id === "10.0.0.2"));
  const aws = awsGroups({
    ...{ region: "eu-central-1", endpoint: fake.url, pace: { pause: 1, attempts: 1, timeout: 5000 } },
    credentials: keyCredentials("AKIATEST", new Secret("secret")),
  });
  const subject = await open(groupPool, asked, { targetGroups: () => aws });
  return {
    ...subject,
    breakOff: async () => fake.refuse("ServiceUnavailable", 9),
    close: async () => void (await Promise.all([fake.close(), subject.close()])),
  };
});

/** The drivers as a run has them, on one host of this machine. */
async function open(pool: Pool, isAsked: (home: string) => boolean, means: Means = {}): Promise<PoolSubject> {
  const world = makeWorld();
  const plans: Plan[] = [];
  await world.deploy({ before: (plan) => void plans.push(plan) });
  const context = contextOf(world, plans, means);
  const { hosts, leader } = world.config;
  const fleet = await openFleet({
    hosts,
    leader,
    connect: (host, signal) => localConnector({ home: world.home(host.name) })(host, signal),
    events: () => {},
    signal: new AbortController().signal,
    clock: systemClock,
    patience: [],
  });
  const link = linkOf(fleet, "web2");
  const at = { context, link, pool: pool as never };
  const driver = driverOf(pool as { kind: PoolKind });
  const sure = async (answer: ReturnType<typeof driver.drain>) => {
    const { status } = await answer;
    if (status !== "ok") throw new Error(status);
  };
  const subject: PoolSubject = {
    async read() {
      const answer = await driver.read(at);
      return answer.status === "ok" ? answer.value : answer.status;
    },
    drain: () => sure(driver.drain(at)),
    return: () => sure(driver.return(at)),
    async settle() {
      const answer = await driver.settle(at);
      return answer.status === "ok" ? answer.value : Number.NaN;
    },
    isAsked: async () => isAsked(world.home("web2")),
    breakOff: async () => {
      await link.transport?.close();
    },
    async close() {
      await fleet.close();
      world.dispose();
    },
  };
  if (pool.kind === "file" && pool.outWhile === "absent") await subject.return();
  return subject;
}

function contextOf({ config }: World, [plan]: readonly Plan[], means: Means): Context {
  if (plan === undefined) throw new Error("nothing was planned");
  const signal = new AbortController().signal;
  return {
    plan: { ...plan, hosts: plan.hosts.map((host) => ({ ...host, from: host.to })) },
    control: { dryRun: false, clock: systemClock, signal, events: () => {} },
    means,
    fence: () => ({ base: config.deployTo, token: 1, owner: "org/shop/1" }),
  } as unknown as Context;
}
