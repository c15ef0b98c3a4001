import { existsSync } from "node:fs";
import { afterEach, expect, test } from "@jest/globals";
import { makeWorld, read, type World } from "./world.ts";

let world: World;
afterEach(() => world.dispose());

const activate = (more: object) => {
  world.config = { ...world.config, activate: { ...world.config.activate, ...more } };
};
const worker = (quiet: string) => ({
  service: [
    {
      ...{ kind: "command", roles: [], within: 1_000 },
      commands: { name: "jobs", quiet, run: 'basename "$PWD" >~/told' },
    },
  ],
});

test("workers are quieted in the release before, and told in the new one; a first deploy has none to quiet", async () => {
  world = makeWorld();
  activate(worker('basename "$PWD" >~/quiet'));
  const first = await world.deploy();
  expect([first.result, existsSync(`${world.home("web1")}/quiet`)]).toEqual(["deployed", false]);
  const second = await world.deploy({ commit: "b".repeat(40) });
  expect([read(world, "web2", "../quiet"), read(world, "web2", "../told")]).toEqual([
    `${first.release}\n`,
    `${second.release}\n`,
  ]);
});

test("workers that cannot be quieted everywhere are started again where they were, and nobody switches", async () => {
  world = makeWorld();
  const first = await world.deployed();
  activate(worker("case $HOME in */web3) exit 1;; esac"));
  const report = await world.deploy({ commit: "b".repeat(40) });
  expect([report.result, ...world.hosts.map((host) => world.live(host))]).toEqual([
    "reverted",
    ...Array(3).fill(first.release),
  ]);
  expect(read(world, "web1", "../told")).toBe(`${first.release}\n`);
});

test("caches are purged after the proof, from the leader alone where it is an address; what fails takes nobody back", async () => {
  world = makeWorld();
  const purge = (run: string) => ({ purge: [{ run, roles: [], once: true }] });
  activate(purge('basename "$PWD" >~/purged'));
  const first = await world.deploy();
  const purged = world.hosts.map((host) => existsSync(`${world.home(host)}/purged`));
  expect([first.result, ...purged, read(world, "web1", "../purged")]).toEqual([
    ...["deployed", true, false, false],
    `${first.release}\n`,
  ]);
  activate(purge("exit 3"));
  const second = await world.deploy({ commit: "b".repeat(40) });
  expect([second.result, second.problems[0]?.code, world.live("web1")]).toEqual([
    ...["attention", "command-failed"],
    second.release,
  ]);
});
