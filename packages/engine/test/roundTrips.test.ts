import { afterEach, describe, expect, test } from "@jest/globals";
import { type Call, depths, recorder } from "./wires.ts";
import { makeWorld, migration, type World } from "./world.ts";

let world: World;
afterEach(() => world.dispose());

/** What is asked for at each depth, by name. */
async function redeploy(): Promise<readonly (readonly string[])[]> {
  await world.deployed();
  const { calls, fault } = recorder();
  for (const host of world.hosts) world.faults.set(host, fault);
  world.write({ "index.html": "two" });
  const report = await world.deploy({ commit: "b".repeat(40) });
  expect(report.result).toBe("deployed");
  return byDepth(calls);
}

function byDepth(calls: readonly Call[]): readonly (readonly string[])[] {
  const rows: Set<string>[] = [];
  for (const [{ name }, depth] of depths(calls)) {
    rows[depth - 1] ??= new Set();
    rows[depth - 1]?.add(name);
  }
  return rows.map((names) => [...names].sort());
}

describe("sequential round trips", () => {
  // On the wire an exec is three: the channel is opened, the command is asked for, and only then does OpenSSH take the script.
  // With a channel opened ahead it is one (bench:latency). The flip has one more: all are ready, the word goes out.
  test("of a redeploy: three execs from connected to prepared, one for the flip", async () => {
    world = makeWorld();
    expect(await redeploy()).toEqual([
      ["probe"],
      ["lock acquire", "manifest"],
      ["prepare"],
      ["flip armed"],
      ["finish"],
      ["lock release"],
    ]);
  });

  test("commands are what they add, and the ticket of the barrier", async () => {
    world = makeWorld();
    world.config = {
      ...world.config,
      prepare: [{ run: "true", roles: [] }],
      migrate: migration("true"),
      activate: { ...world.config.activate, reload: [{ run: "true", roles: [] }] },
    };
    expect((await redeploy()).flat().filter((name) => !name.startsWith("job "))).toEqual([
      ...["probe", "lock acquire", "manifest", "prepare", "run prepare", "mark ready"],
      ...["lock renew", "flip armed", "run reload", "finish", "lock release"],
    ]);
  });

  test("of a first deploy: there is no manifest to read", async () => {
    world = makeWorld();
    const { calls, fault } = recorder();
    for (const host of world.hosts) world.faults.set(host, fault);
    await world.deploy();
    expect(byDepth(calls)).toEqual([
      ...[["probe"], ["lock acquire"], ["prepare"], ["flip armed"], ["finish"], ["lock release"]],
    ]);
  });

  test("a manifest is read once for all hosts that serve the release", async () => {
    world = makeWorld();
    await world.deployed();
    const { calls, fault } = recorder();
    for (const host of world.hosts) world.faults.set(host, fault);
    await world.deploy({ commit: "b".repeat(40) });
    expect(calls.filter(({ name }) => name === "manifest").map(({ host }) => host)).toEqual(["web1"]);
  });
});
