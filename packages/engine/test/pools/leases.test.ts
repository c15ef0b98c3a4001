import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Pool } from "@deploy/core";
import { until } from "@deploy/testkit";
import { type Clock, systemClock } from "@deploy/transport";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { makeWorld, type World } from "../world.ts";

const lease = 60_000;
const pool: Pool = {
  ...{ kind: "file", path: "drain", outWhile: "present", settle: 1, lease, within: 400, roles: [] },
};
const next = { commit: "b".repeat(40), release: "20261122T000000Z-bbbbbbb" };
/** What a run sleeps between two renewals is over in a moment. */
const sleep: Clock["sleep"] = (time, signal) => systemClock.sleep(time === lease / 3 ? 10 : time, signal);
const clock = { now: systemClock.now, sleep };

let world: World;
let asked: string[];
beforeEach(async () => {
  world = makeWorld();
  await world.deploy();
  world.config = { ...world.config, activate: { ...world.config.activate, strategy: "rolling", pool } };
  world.events.length = 0;
  asked = [];
});
afterEach(() => world.dispose());

/** Holds the switch of web2 until `isSo`; `answers` take the place of what a host says to a command of that name. */
function watch(isSo: () => boolean, answers: Readonly<Record<string, string>> = {}): void {
  world.faults.set("web2", (inner) => ({
    host: inner.host,
    http: (probe, signal) => inner.http(probe, signal),
    close: () => inner.close(),
    async exec(command, options) {
      asked.push(command.name);
      if (command.name === "flip armed") await until("what holds the switch", isSo);
      const said = answers[command.name];
      if (said === undefined) return inner.exec(command, options);
      const stdout = `\n--deploy-begin--\n${said}\n--deploy-end-- 0\n`;
      return { status: "exited", code: 0, stdout, stderr: "", dropped: 0 };
    },
  }));
}

const of = (name: string) => asked.filter((one) => one === name).length;
const notes = () =>
  world.events.flatMap((event) => (event.kind === "note" && event.host === "web2" ? [event.text] : []));

describe("the lease of a host that is out", () => {
  test("is taken before it leaves, renewed while it is away, and over when it is back", async () => {
    watch(() => of("lease renew") > 2);
    expect((await world.deploy({ ...next, clock })).result).toBe("deployed");
    expect(asked.indexOf("lease take")).toBeLessThan(asked.indexOf("pool make"));
    expect(asked.lastIndexOf("lease renew")).toBeLessThan(asked.indexOf("pool remove"));
    expect(existsSync(join(world.home("web2"), "shop/.deploy/lease"))).toBe(false);
    expect(notes()).toEqual([]);
  });

  test("ended there while the run heard nothing: it says so, and goes on", async () => {
    watch(() => notes().length > 0, { "lease renew": "over" });
    expect((await world.deploy({ ...next, clock })).result).toBe("deployed");
    expect([notes(), of("lease renew")]).toEqual([
      ["it heard nothing of this run for too long, and returned to its pool by itself"],
      1,
    ]);
  });

  test("cannot be where a program lacks, and is none where nothing proves health or it is not wanted", async () => {
    watch(() => true, { "lease take": "unwatched curl" });
    expect((await world.deploy({ ...next, clock })).result).toBe("deployed");
    expect([notes(), of("lease renew")]).toEqual([
      ["curl is not there: when this run dies, only the next one returns it"],
      0,
    ]);
    const { health: _, ...unproved } = world.config.activate;
    const unwanted = { ...world.config.activate, pool: { ...pool, lease: false as const } };
    for (const [commit, activate] of Object.entries({ c: unproved, d: unwanted })) {
      asked = [];
      world.config = { ...world.config, activate };
      await world.deploy({ commit: commit.repeat(40), clock });
      expect([of("pool make"), of("lease take")]).toEqual([1, 0]);
    }
  });
});
