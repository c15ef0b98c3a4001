import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Report } from "@deploy/core";
import { until } from "@deploy/testkit";
import { type Clock, systemClock } from "@deploy/transport";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { around, lost } from "./wires.ts";
import { makeWorld, read, type World } from "./world.ts";

let world: World;
let cancel: AbortController;
beforeEach(() => {
  cancel = new AbortController();
  world = makeWorld({ prepare: [{ run: ": >~/begun; exec sleep 600", roles: [] }] });
});
afterEach(() => world.dispose());

const lives = () => world.hosts.map((host) => world.live(host));
const lock = () => read(world, "web1", ".deploy/lock/state").split(" ")[3]?.trim();
const codes = ({ problems }: Report) => problems.map(({ code, place }) => `${code} ${place.host}`);

test("before the switch: nothing is live, what ran was ended, and it says cancelled", async () => {
  const running = world.deploy({ signal: cancel.signal });
  const begun = (host: string) => existsSync(join(world.home(host), "begun"));
  await until("all of them", () => world.hosts.every(begun));
  cancel.abort();
  const report = await running;
  expect([report.result, lock(), lives(), codes(report)]).toEqual([
    "cancelled",
    "-",
    [null, null, null],
    ["command-ended web1", "command-ended web2", "command-ended web3"],
  ]);
});

test("a host that does not say in time that its command has ended is named: it may go on there", async () => {
  const silent = around("run prepare", async (_, __, options) => {
    cancel.abort();
    await new Promise((resolve) => options?.signal?.addEventListener("abort", resolve));
    return lost;
  });
  for (const host of world.hosts) world.faults.set(host, silent);
  // Only whoever is cancelled, and waits for a word of the end, sleeps for five seconds.
  const sleep: Clock["sleep"] = (time, signal) => systemClock.sleep(time === 5_000 ? 0 : time, signal);
  const report = await world.deploy({ signal: cancel.signal, clock: { now: systemClock.now, sleep } });
  expect([report.result, lock(), codes(report)]).toEqual([
    "cancelled",
    "-",
    ["command-left-running web1", "command-left-running web2", "command-left-running web3"],
  ]);
});
