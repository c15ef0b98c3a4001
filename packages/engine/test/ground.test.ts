import { rmSync, symlinkSync } from "node:fs";
import type { Report } from "@deploy/core";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { makeWorld, owner, read, type World } from "./world.ts";

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.dispose());

const codes = ({ result, problems }: Report) => [
  result,
  problems.map(({ code, place }) => [code, place.host]),
];
const tenants = () => world.hosts.map((host) => read(world, host, ".deploy/tenant"));
const everyHost = (code: string) => world.hosts.map((host) => [code, host]);

test("another app or environment is refused, and takes a folder over by the name of whose it is", async () => {
  const first = await world.deployed();
  const before = tenants();
  expect(before).toEqual(world.hosts.map(() => "1 shop production org/shop\n"));
  const ours = world.config;
  world.config = { ...ours, environment: "staging" };
  const other = { commit: "b".repeat(40) };
  expect(codes(await world.deploy(other))).toEqual(["failed", everyHost("deploy-to-taken")]);
  expect(codes(await world.deploy({ ...other, takeOver: "blog/production" }))).toEqual([
    "failed",
    everyHost("deploy-to-taken"),
  ]);
  expect(codes(await world.rollback())).toEqual([
    "failed",
    expect.arrayContaining(everyHost("deploy-to-taken")),
  ]);
  expect([world.hosts.map((host) => world.live(host)), tenants()]).toEqual([
    world.hosts.map(() => first.release),
    before,
  ]);
  const taken = await world.deploy({ ...other, takeOver: "shop/production" });
  expect([codes(taken), tenants()]).toEqual([
    ["deployed", []],
    world.hosts.map(() => "1 shop staging org/shop\n"),
  ]);
  world.config = ours;
  expect(codes(await world.deploy())).toEqual(["failed", everyHost("deploy-to-taken")]);
});

test("the same name from another repository is another; from a desk, which knows none, it is the same", async () => {
  await world.deployed();
  const from = (repository: string) => ({ owner: { ...owner("2"), repository }, commit: "b".repeat(40) });
  expect(codes(await world.deploy(from("org/blog")))).toEqual(["failed", everyHost("deploy-to-taken")]);
  expect((await world.deploy(from(""))).result).toBe("deployed");
  expect(tenants()).toEqual(world.hosts.map(() => "1 shop production org/shop\n"));
});

test("two hosts with one folder are refused before anything is made, and after", async () => {
  rmSync(world.home("web2"), { recursive: true });
  symlinkSync(world.home("web1"), world.home("web2"));
  expect(codes(await world.deploy())).toEqual(["failed", [["deploy-to-shared", "web2"]]]);
  const { hosts } = world.config;
  world.config = { ...world.config, hosts: hosts.filter(({ name }) => name !== "web2") };
  expect((await world.deploy()).result).toBe("deployed");
  world.config = { ...world.config, hosts };
  const again = await world.deploy({ commit: "b".repeat(40) });
  expect(codes(again)).toEqual(["failed", [["deploy-to-shared", "web2"]]]);
});
