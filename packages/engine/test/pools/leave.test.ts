import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Pool } from "@deploy/core";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { makeWorld, read, type World } from "../world.ts";

const pool: Pool = {
  kind: "file",
  path: "drain",
  outWhile: "present",
  settle: 1,
  lease: false,
  within: 400,
  roles: [],
};
const next = { commit: "b".repeat(40), release: "20261122T000000Z-bbbbbbb" };

let world: World;
beforeEach(async () => {
  world = makeWorld();
  await world.deploy();
  use(pool);
  world.events.length = 0;
});
afterEach(() => world.dispose());

function use(change: Pool): void {
  world.config = {
    ...world.config,
    activate: { ...world.config.activate, strategy: "rolling", pool: change },
  };
}

const fileOf = (host: string) => join(world.home(host), "shop/shared/drain");
const out = () => world.hosts.filter((host) => existsSync(fileOf(host)));
const marked = () => world.hosts.filter((host) => existsSync(join(world.home(host), "shop/.deploy/drained")));
const live = () => world.hosts.map((host) => world.live(host));
const told = () =>
  world.events.flatMap((event) =>
    event.kind === "outcome" && ["drain", "switch", "health", "return", "revert"].includes(event.outcome.step)
      ? [`${event.outcome.step} ${event.outcome.host} ${event.outcome.status}`]
      : [],
  );

describe("hosts that leave their pool in turn", () => {
  test("out, switched, proved, in again, and then the next", async () => {
    const seen: string[] = [];
    for (const host of world.hosts)
      world.faults.set(host, (inner) => ({
        host: inner.host,
        http: (probe, signal) => inner.http(probe, signal),
        close: () => inner.close(),
        exec(command, options) {
          if (command.name === "flip armed") seen.push(`${host}: ${out()}`);
          return inner.exec(command, options);
        },
      }));
    const report = await world.deploy(next);
    expect(report.result).toBe("deployed");
    expect(told()).toEqual(
      ["web2", "web3", "web1"].flatMap((host) =>
        ["drain", "switch", "health", "return"].map((step) => `${step} ${host} ok`),
      ),
    );
    expect(seen).toEqual(["web2: web2", "web3: web3", "web1: web1"]);
    expect([out(), marked()]).toEqual([[], []]);
    expect(read(world, "web2", ".deploy/journal.jsonl")).toMatch(
      /"step":"drain".*\n(.*\n)*.*"step":"return"/,
    );
  });

  test("one that is not healthy comes back with the old release, and those before it leave once more", async () => {
    const [first] = live();
    world.broken.add(`${next.release}@web3`);
    const report = await world.deploy(next);
    expect([report.result, live()]).toEqual(["reverted", [first, first, first]]);
    expect([out(), marked()]).toEqual([[], []]);
    const journal = read(world, "web2", ".deploy/journal.jsonl");
    expect(journal.match(/"step":"(drain|return|revert|activate)"/g)?.slice(-6)).toEqual(
      ["drain", "activate", "return", "drain", "revert", "return"].map((step) => `"step":"${step}"`),
    );
  });

  test("nobody returns who is healthy with neither release", async () => {
    const [first] = live();
    world.broken.add("*@web3");
    const report = await world.deploy(next);
    expect(report.result).toBe("attention");
    expect([out(), marked()]).toEqual([["web3"], ["web3"]]);
    // And web2, which serves well, may not leave beside it.
    expect(live()).toEqual([first, next.release, first]);
    world.broken.clear();
    const status = await world.reconcile();
    expect([status.result, out(), marked()]).toEqual(["deployed", [], []]);
  });

  test("who was taken out by somebody else counts, and is not returned", async () => {
    writeFileSync(fileOf("web3"), "maintenance");
    const refused = await world.deploy(next);
    expect([refused.result, refused.problems.map(({ code }) => code)]).toEqual(["failed", ["pool-short"]]);
    expect(refused.headline).toContain("only 1 of 3 would serve, and 2 must: not in the pool are web3 (out)");
    expect(out()).toEqual(["web3"]);
    const rolling = { maxUnavailable: { hosts: 2, percent: undefined }, order: "listed" } as const;
    world.config = { ...world.config, activate: { ...world.config.activate, rolling } };
    // web1 and web2 are a wave: nobody would be left.
    expect((await world.deploy(next)).problems.map(({ code }) => code)).toEqual(["pool-short"]);
    rmSync(fileOf("web3"));
    writeFileSync(fileOf("web2"), "maintenance");
    expect((await world.deploy(next)).result).toBe("deployed");
    expect(out()).toEqual(["web2"]);
  });

  test("a leave that does not show stops the wave before anything is switched, and is taken back", async () => {
    const [first] = live();
    use({
      kind: "command",
      read: "echo in",
      drain: "touch ~/asked",
      return: "rm -f ~/asked",
      within: 300,
      roles: [],
    });
    const report = await world.deploy(next);
    expect([report.result, report.problems.map(({ code }) => code)]).toEqual([
      "failed",
      ["pool-unconfirmed"],
    ]);
    expect(live()).toEqual([first, first, first]);
    expect(told()).toEqual(["drain web2 unknown", "revert web2 ok"]);
    expect(world.hosts.filter((host) => existsSync(join(world.home(host), "asked")))).toEqual([]);
  });

  test("where one cannot be read nobody leaves", async () => {
    use({
      kind: "command",
      read: "cat ~/standing",
      drain: "touch ~/asked",
      return: "true",
      within: 300,
      roles: [],
    });
    for (const host of ["web1", "web2"]) writeFileSync(join(world.home(host), "standing"), " in \n");
    writeFileSync(join(world.home("web3"), "standing"), "perhaps");
    const report = await world.deploy(next);
    expect([report.result, report.headline]).toEqual([
      "failed",
      expect.stringContaining("not in the pool are web3 (could not be read)"),
    ]);
    expect(world.hosts.some((host) => existsSync(join(world.home(host), "asked")))).toBe(false);
  });

  test("open requests are waited for, and told of where they do not end", async () => {
    writeFileSync(join(world.home("web2"), "open"), "2");
    use({
      ...pool,
      inFlight: `n=$(cat ~/open 2>/dev/null || echo 0); echo $n; [ "$(basename ~)" = web3 ] || echo 0 >~/open`,
    });
    writeFileSync(join(world.home("web3"), "open"), "1");
    const report = await world.deploy(next);
    expect(report.warnings).toContain("web3: 1 request was still open when it was switched");
  });
});

describe("a run that died while a host was out", () => {
  const mark = (host: string) => {
    mkdirSync(join(world.home(host), "shop/.deploy"), { recursive: true });
    writeFileSync(join(world.home(host), "shop/.deploy/drained"), "1 org/shop/7 2026-11-30T10:00:00Z\n");
    writeFileSync(fileOf(host), "out of the pool");
  };

  test("is told of, and the same deploy returns the host though its release is live", async () => {
    mark("web2");
    let warnings: readonly string[] = [];
    const report = await world.deploy({ before: (plan) => (warnings = plan.warnings) });
    expect(warnings[0]).toContain("web2 was taken out of the pool by org/shop/7 at 2026-11-30T10:00:00Z");
    expect([report.result, out(), marked()]).toEqual(["deployed", [], []]);
  });

  test("a reconcile returns that host, and touches no other", async () => {
    mark("web2");
    const report = await world.reconcile();
    expect(told().map((line) => line.split(" ")[1])).toEqual(["web2", "web2", "web2", "web2"]);
    expect([report.result, out(), marked()]).toEqual(["deployed", [], []]);
  });
});
