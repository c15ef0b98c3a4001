import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Clock, systemClock } from "@deploy/transport";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { around, lost } from "./wires.ts";
import { makeWorld, read, type World } from "./world.ts";

const second = { commit: "b".repeat(40) };
let world: World;
beforeEach(() => {
  world = makeWorld();
  const { activate } = world.config;
  world.config = {
    ...world.config,
    activate: { ...activate, reload: [{ run: "cat index.html >>~/served", roles: [] }] },
  };
});
afterEach(() => world.dispose());

/** What the application of a host was told to serve, one word a reload. */
const served = (host: string) => readFileSync(join(world.home(host), "served"), "utf8");
const stateOf = (host: string, release: string) =>
  (JSON.parse(read(world, host, `.deploy/releases/${release}.json`)) as { state: string }).state;

test("a cancel while health is asked: all go back, reload the old release and prove it", async () => {
  const first = await world.deployed();
  world.write({ "index.html": "two" });
  const cancel = new AbortController();
  const asked = around("", (inner, command, options) => inner.exec(command, options));
  for (const host of world.hosts) {
    world.faults.set(host, (inner) => ({
      ...asked(inner),
      // The first question about the new release is the middle of the window.
      http: async (probe, signal) => {
        cancel.abort();
        return inner.http(probe, signal);
      },
    }));
  }
  const report = await world.deploy({ ...second, signal: cancel.signal });
  expect([report.result, world.hosts.map((host) => world.live(host))]).toEqual([
    "reverted",
    world.hosts.map(() => first.release),
  ]);
  for (const host of world.hosts) {
    expect([served(host), stateOf(host, first.release), stateOf(host, report.release)]).toEqual([
      "onetwoone",
      "good",
      "bad",
    ]);
  }
});

test("a cancel while reload runs, whose end nobody sees: all go back, and the lock is given back", async () => {
  await world.deployed();
  world.write({ "index.html": "two" });
  const cancel = new AbortController();
  for (const host of world.hosts) {
    let cut = false;
    world.faults.set(
      host,
      around("run reload", async (inner, command, options) => {
        if (cut) return inner.exec(command, options);
        cut = true;
        cancel.abort();
        await inner.exec(command, {});
        return lost;
      }),
    );
  }
  const report = await world.deploy({ ...second, signal: cancel.signal });
  const held = read(world, "web1", ".deploy/lock/state").split(" ")[3];
  expect([report.result, world.hosts.map(served), held?.trim()]).toEqual([
    "reverted",
    world.hosts.map(() => "onetwoone"),
    "-",
  ]);
});

test("a way back that was cut is no rest: status, deploy and reconcile know that nothing is proved", async () => {
  const first = await world.deployed();
  world.write({ "index.html": "two" });
  for (const host of world.hosts) world.broken.add(`*@${host}`);
  let cut = false;
  for (const host of world.hosts) {
    world.faults.set(
      host,
      around("", async (inner, command, options) => {
        if (cut) return lost;
        const result = await inner.exec(command, options);
        // The runner dies once every link is back, and before a reload is sent.
        if (command.name.startsWith("flip") && command.args.includes("revert")) {
          appendFileSync(join(world.home("web1"), "back"), ".");
          cut = readFileSync(join(world.home("web1"), "back"), "utf8").length === world.hosts.length;
        }
        return result;
      }),
    );
  }
  const report = await world.deploy(second);
  expect([report.result, world.hosts.map((host) => stateOf(host, first.release))]).toEqual([
    "attention",
    world.hosts.map(() => "active"),
  ]);
  world.faults.clear();
  world.broken.clear();
  const before = world.hosts.map(served);
  const again = await world.reconcile({ isOver: async () => true });
  expect(again.problems).toEqual([]);
  expect([again.result, again.release, again.changed]).toEqual(["deployed", first.release, true]);
  expect(world.hosts.map(served)).toEqual(before.map((told) => `${told}one`));
  expect(world.hosts.map((host) => stateOf(host, first.release))).toEqual(["good", "good", "good"]);
});

test("the same deploy again after a kill in the window: what was never proved is not gone back to", async () => {
  const first = await world.deployed();
  world.write({ "index.html": "two" });
  const killed = await world.deploy(second);
  for (const host of world.hosts) {
    const record = join(world.home(host), `shop/.deploy/releases/${killed.release}.json`);
    writeFileSync(record, readFileSync(record, "utf8").replace('"good"', '"active"'));
    world.broken.add(`${killed.release}@${host}`);
  }
  const report = await world.deploy(second);
  expect([report.release, report.result, world.hosts.map((host) => world.live(host))]).toEqual([
    killed.release,
    "reverted",
    world.hosts.map(() => first.release),
  ]);
  expect(world.hosts.map(served)).toEqual(world.hosts.map(() => "onetwotwoone"));
});

test("a healthy old fleet is back although its reload fails", async () => {
  const first = await world.deployed();
  const { activate } = world.config;
  const reload = [{ run: "grep -q one index.html && exit 3; true", roles: [] }];
  world.config = { ...world.config, activate: { ...activate, reload } };
  world.write({ "index.html": "two" });
  const report = await world.deploy({
    ...second,
    before: ({ release }) => world.broken.add(`${release}@web2`),
  });
  expect([report.result, world.hosts.map((host) => stateOf(host, first.release))]).toEqual([
    "reverted",
    ["good", "good", "good"],
  ]);
});

test("an old release that comes up slowly has three times as long on the way back, and no more", async () => {
  const { interval, within } = world.config.activate.health ?? { interval: 0, within: 0 };
  let now = 0;
  const clock: Clock = {
    now: () => now,
    // Only questions about health make time pass.
    sleep: async (milliseconds, signal) => {
      if (milliseconds !== interval) return systemClock.sleep(milliseconds, signal);
      now += milliseconds;
    },
  };
  const first = await world.deployed();
  world.write({ "index.html": "two" });
  const back = async (questions: number) => {
    let asked = 0;
    world.broken.clear();
    world.faults.set("web2", (inner) => ({
      ...around("", (own, command, options) => own.exec(command, options))(inner),
      http: async (probe, signal) => {
        const answer = await inner.http(probe, signal);
        const old = probe.rehearsal.headers["x-release"] === first.release;
        if (old) asked += 1;
        return old && asked <= questions ? { ...answer, status: 503 } : answer;
      },
    }));
    const before = ({ release }: { release: string }) => world.broken.add(`${release}@web2`);
    return (await world.deploy({ ...second, clock, before })).result;
  };
  const patient = (3 * within) / interval;
  expect([await back(patient - 1), await back(patient)]).toEqual(["reverted", "attention"]);
});

test("without health, what was gone back to is good where it was good, and nowhere else", async () => {
  const reload = [{ run: "grep -q one index.html", roles: [] }];
  world.config = { ...world.config, activate: { strategy: "all", reload } };
  const first = await world.deploy();
  const record = join(world.home("web2"), `shop/.deploy/releases/${first.release}.json`);
  writeFileSync(record, readFileSync(record, "utf8").replace('"state":"good"', '"state":"bad"'));
  world.write({ "index.html": "two" });
  const report = await world.deploy(second);
  expect([report.result, world.hosts.map((host) => stateOf(host, first.release))]).toEqual([
    "reverted",
    ["good", "bad", "good"],
  ]);
});

test("prepare runs only where the release is being made, never in what is live", async () => {
  world.config = { ...world.config, prepare: [{ run: "pwd >>~/prepared; test ! -e ~/stop", roles: [] }] };
  writeFileSync(join(world.home("web3"), "stop"), "");
  const first = await world.deploy();
  expect(first.result).toBe("failed");
  world.faults.clear();
  writeFileSync(join(world.home("web3"), "stop.gone"), "");
  world.config = { ...world.config, prepare: [{ run: "pwd >>~/prepared", roles: [] }] };
  const report = await world.deploy();
  expect([report.result, report.release]).toEqual(["deployed", first.release]);
  const runs = (host: string) =>
    readFileSync(join(world.home(host), "prepared"), "utf8")
      .trim()
      .split("\n").length;
  expect(world.hosts.map(runs)).toEqual([1, 1, 2]);
  expect(existsSync(join(world.home("web1"), "shop/current/index.html"))).toBe(true);
});
