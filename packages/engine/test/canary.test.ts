import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "@deploy/core";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { tallyIn } from "../src/pools/haproxyAnswers.ts";
import { judge } from "../src/pools/traffic.ts";
import { makeWorld, read, type World } from "./world.ts";

type Activate = Config["activate"];
const soaking = {
  ...{ hosts: { hosts: 1, percent: undefined }, soak: 60, interval: 20 },
  moreErrors: 0.01,
  others: "rolling",
} as const;
const release = "20261122T000000Z-bbbbbbb";
const next = { commit: "b".repeat(40), release };

let world: World;
let old: string;
beforeEach(async () => {
  world = makeWorld();
  old = (await world.deployed()).release;
});
afterEach(() => world.dispose());

function use(canary: Partial<NonNullable<Activate["canary"]>>, more: Partial<Activate> = {}): void {
  const settings = { ...soaking, ...canary };
  const activate = { ...world.config.activate, ...more, strategy: "canary", canary: settings } as const;
  world.config = { ...world.config, activate };
}

const live = () => world.hosts.map((host) => world.live(host));
const everywhere = (id: string) => world.hosts.map(() => id);
const marked = () => world.hosts.filter((host) => existsSync(join(world.home(host), "shop/.deploy/held")));
const told = () =>
  world.events.flatMap((event) =>
    event.kind === "outcome" && ["switch", "soak", "hold", "revert"].includes(event.outcome.step)
      ? [`${event.outcome.step} ${event.outcome.host} ${event.outcome.status}`]
      : [],
  );

describe("a canary", () => {
  test("that does well for the whole soak is followed by the others; its check saw the release each time", async () => {
    use({ check: 'echo "$DEPLOY_RELEASE" >>~/looks' });
    const report = await world.deploy(next);
    expect([report.result, live()]).toEqual(["deployed", everywhere(release)]);
    expect(told()).toEqual(["switch web2 ok", "soak web2 ok", "switch web3 ok", "switch web1 ok"]);
    const looks = read(world, "web2", "../looks").trim().split("\n");
    expect([looks.length > 1, new Set(looks)]).toEqual([true, new Set([release])]);
    expect(existsSync(join(world.home("web3"), "looks"))).toBe(false);
  });

  test("whose check fails goes back, and nobody else is switched", async () => {
    use({ check: "test ! -e ~/looked || exit 3; touch ~/looked", soak: 60_000 });
    const report = await world.deploy(next);
    expect([report.result, live(), marked()]).toEqual(["reverted", everywhere(old), []]);
    expect(report.problems.map(({ code, message }) => [code, message])).toEqual([
      ["soak-bad", "`test ! -e ~/looked || exit 3; touch ~/looked` exited 3"],
    ]);
    expect(told()).toEqual(["switch web2 ok", "soak web2 failed", "revert web2 ok"]);
  });

  test("that falls ill meanwhile goes back", async () => {
    use({ check: "touch ~/looked", soak: 60_000 });
    world.faults.set("web2", (inner) => ({
      host: inner.host,
      exec: (command, options) => inner.exec(command, options),
      close: () => inner.close(),
      http: (probe, signal) => {
        if (existsSync(join(world.home("web2"), "looked"))) world.broken.add(`${release}@web2`);
        return inner.http(probe, signal);
      },
    }));
    const report = await world.deploy(next);
    expect([report.result, report.problems.map(({ code }) => code)]).toEqual(["reverted", ["unhealthy"]]);
  });

  test("of which nobody can tell is held; the same deploy again goes on without another soak", async () => {
    use({ check: "touch ~/asked; exit 75" });
    const report = await world.deploy(next);
    expect([report.result, live(), marked()]).toEqual(["held", [old, release, old], ["web2"]]);
    expect(told()).toEqual(["switch web2 ok", "soak web2 unknown", "hold web2 ok"]);
    expect(report.problems.map(({ code }) => code)).toEqual(["soak-unclear"]);
    expect(report.headline).toContain("bbbbbbb is held on web2 of production: soak is unknown on web2 (");
    expect(existsSync(join(world.home("web1"), "shop/.deploy/lock/state"))).toBe(true);
    expect(read(world, "web1", ".deploy/lock/state")).toMatch(/^1 \d+ 0 - /);
    world.events.length = 0;
    const again = await world.deploy({ commit: next.commit });
    expect([again.result, again.release, live(), marked()]).toEqual([
      "deployed",
      release,
      everywhere(release),
      [],
    ]);
    expect(told()).toEqual(["switch web2 ok", "switch web3 ok", "switch web1 ok"]);
  });

  test("that is to be held is; a rollback takes it back, and touches nobody else", async () => {
    use({ others: "hold" });
    const report = await world.deploy(next);
    expect([report.result, report.exitCode, live(), marked()]).toEqual([
      "held",
      6,
      [old, release, old],
      ["web2"],
    ]);
    world.events.length = 0;
    const back = await world.rollback();
    expect([back.result, back.release, live(), marked()]).toEqual(["deployed", old, everywhere(old), []]);
    expect(told()).toEqual(["switch web2 ok"]);
    expect(read(world, "web2", `.deploy/releases/${release}.json`)).toContain('"state":"bad"');
  });

  test("and goes back when the deploy that goes on with it fails elsewhere", async () => {
    use({ others: "hold" });
    await world.deploy(next);
    world.broken.add(`${release}@web3`);
    const report = await world.deploy({ commit: next.commit });
    expect([report.result, live(), marked()]).toEqual(["reverted", everywhere(old), []]);
  });

  test("goes back with a run that is cancelled while it soaks", async () => {
    const stop = new AbortController();
    use({ check: "touch ~/asked", soak: 60_000 });
    world.faults.set("web2", (inner) => ({
      host: inner.host,
      http: (probe, signal) => inner.http(probe, signal),
      close: () => inner.close(),
      exec: async (command, options) => {
        const result = await inner.exec(command, options);
        if (existsSync(join(world.home("web2"), "asked"))) stop.abort();
        return result;
      },
    }));
    const report = await world.deploy({ ...next, signal: stop.signal });
    expect([report.result, live(), marked()]).toEqual(["reverted", everywhere(old), []]);
  });

  test("is only rehearsed in a dry run", async () => {
    use({ others: "hold", soak: 3_600_000 });
    const report = await world.deploy({ ...next, dryRun: true });
    expect([report.result, live(), marked()]).toEqual(["planned", everywhere(old), []]);
  });
});

describe("where a later wave fails and what is good is to stay", () => {
  test("its hosts go back, those before it are held; the same deploy again ends that", async () => {
    use({}, { onFailure: "hold" });
    world.broken.add(`${release}@web3`);
    const report = await world.deploy(next);
    expect([report.result, live(), marked()]).toEqual(["held", [old, release, old], ["web2"]]);
    expect(report.headline).toMatch(/is held on web2 of production: health failed on web3/);
    world.broken.clear();
    // What failed somewhere is not tried again under its name.
    const again = await world.deploy({ commit: next.commit });
    expect([again.result, live(), marked()]).toEqual(["deployed", everywhere(again.release), []]);
    expect(again.release).not.toBe(release);
  });

  test("rolling: what the first wave proved stays, and a rollback ends it", async () => {
    const activate = { ...world.config.activate, strategy: "rolling", onFailure: "hold" } as const;
    world.config = { ...world.config, activate };
    world.broken.add(`${release}@web1`);
    const report = await world.deploy(next);
    expect([report.result, live(), marked()]).toEqual(["held", [old, release, release], ["web2", "web3"]]);
    const back = await world.rollback();
    expect([back.result, live(), marked()]).toEqual(["deployed", everywhere(old), []]);
  });

  test("where nobody was switched before it there is nothing to hold", async () => {
    use({}, { onFailure: "hold" });
    world.broken.add(`${release}@web2`);
    const report = await world.deploy(next);
    expect([report.result, live(), marked()]).toEqual(["reverted", everywhere(old), []]);
  });
});

describe("what balancers count", () => {
  const tally = (requests: number, errors: number) => ({ requests, errors });
  const rule = (last: boolean) => ({ moreErrors: 0.01, last });

  test.each([
    ["as many as on the others", tally(1000, 30), tally(3000, 90), true, undefined],
    ["a little more", tally(1000, 39), tally(3000, 90), true, undefined],
    ["too many", tally(1000, 41), tally(3000, 90), false, "failed"],
    ["few requests say nothing yet", tally(99, 50), tally(3000, 0), false, undefined],
    ["but they do at the end", tally(10, 1), tally(3000, 0), true, "failed"],
    ["nobody asked the others", tally(10, 0), tally(0, 0), true, undefined],
    ["nobody asked", tally(0, 0), tally(3000, 0), true, "unknown"],
    ["nobody asked yet", tally(0, 0), tally(3000, 0), false, undefined],
  ])("%s", (_, here, there, last, expected) => {
    expect(judge(here, there, rule(last))?.status).toBe(expected);
  });

  test("is answers of all classes, and what never became one; sessions where there are none", () => {
    const line = { hrsp_2xx: "90", hrsp_5xx: "7", hrsp_other: "", econ: "2", eresp: "1", stot: "500" };
    expect(tallyIn(line)).toEqual(tally(100, 10));
    expect(tallyIn({ hrsp_2xx: "", hrsp_5xx: "", econ: "1", eresp: "", stot: "40" })).toEqual(tally(40, 1));
  });
});
