import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Plan, Pool, PoolKind } from "@deploy/core";
import { openFleet } from "@deploy/engine";
import { type PoolSubject, poolContract } from "@deploy/testkit";
import { localConnector, systemClock } from "@deploy/transport";
import type { Context } from "../../src/context.ts";
import { linkOf } from "../../src/hosts/fleet.ts";
import { driverOf } from "../../src/pools/drivers.ts";
import { makeWorld, type World } from "../world.ts";

const common = { within: 500, roles: [] };
const filePool = { kind: "file", path: "drain", outWhile: "present", settle: 1, ...common } as const;
const commandPool = {
  kind: "command",
  read: "if [ -e ~/away ]; then echo out; else echo in; fi",
  drain: "touch ~/away",
  return: "rm -f ~/away",
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

/** The drivers as a run has them, on one host of this machine. */
async function open(pool: Pool, isAsked: (home: string) => boolean): Promise<PoolSubject> {
  const world = makeWorld();
  const plans: Plan[] = [];
  await world.deploy({ before: (plan) => void plans.push(plan) });
  const context = contextOf(world, plans);
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

function contextOf({ config }: World, [plan]: readonly Plan[]): Context {
  if (plan === undefined) throw new Error("nothing was planned");
  const signal = new AbortController().signal;
  return {
    plan: { ...plan, hosts: plan.hosts.map((host) => ({ ...host, from: host.to })) },
    control: { dryRun: false, clock: systemClock, signal, events: () => {} },
    fence: () => ({ base: config.deployTo, token: 1, owner: "org/shop/1" }),
  } as unknown as Context;
}
