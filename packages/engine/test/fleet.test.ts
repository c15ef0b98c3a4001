import type { Host } from "@deploy/core";
import { openFleet } from "@deploy/engine";
import type { Transport } from "@deploy/transport";
import { beforeEach, expect, test } from "@jest/globals";
import type { Link } from "../src/hosts/fleet.ts";
import { latch } from "./wires.ts";

const host: Host = { name: "web1", address: "web1", port: 22, username: "deploy", roles: [] };
const clock = { now: () => 0, sleep: async () => {} };
const never = (): never => {
  throw new Error("the host was touched");
};

let [opened, closed] = [0, 0];
let ready: Promise<unknown>;
beforeEach(() => {
  [opened, closed, ready] = [0, 0, Promise.resolve()];
});

async function connect(): Promise<Transport> {
  await ready;
  opened += 1;
  const close = async () => {
    closed += 1;
  };
  return { host, exec: never, http: never, close };
}

async function open() {
  const { signal } = new AbortController();
  const fleet = await openFleet({ hosts: [host], leader: "web1", connect, events: () => {}, signal, clock });
  return { fleet, link: fleet.links.get("web1") as Link };
}

test("two who lose a connection at once get the same new one, and none is left", async () => {
  const { fleet, link } = await open();
  expect(await Promise.all([link.reconnect(), link.reconnect()])).toEqual([true, true]);
  expect([opened, closed]).toEqual([2, 1]);
  expect([await link.reconnect(), opened, closed]).toEqual([true, 3, 2]);
  await fleet.close();
  expect([opened, closed]).toEqual([3, 3]);
});

test("closing ends the search", async () => {
  const { fleet, link } = await open();
  const search = link.reconnect();
  await fleet.close();
  expect([await search, await link.reconnect(), opened, closed]).toEqual([false, false, 1, 1]);
});

test("a connection that still comes while all is closed is closed, too", async () => {
  const { fleet, link } = await open();
  const gate = latch();
  ready = gate.opened;
  const search = link.reconnect();
  await new Promise((resolve) => setImmediate(resolve));
  const closing = fleet.close();
  gate.open();
  await closing;
  expect([await search, opened, closed]).toEqual([true, 2, 2]);
});
