import { type Health, tells } from "@deploy/core";
import { until } from "@deploy/testkit";
import { afterEach, expect, test } from "@jest/globals";
import { ManualClock } from "./clock.ts";
import { around } from "./wires.ts";
import { makeWorld, type World } from "./world.ts";

let world: World;
afterEach(() => world.dispose());

const lives = (): (string | null)[] => world.hosts.map((host) => world.live(host));

/** Everybody answers with 200 and this, and is asked often enough for a minute. */
const untaught = (body: string, activate: Partial<World["config"]["activate"]> = {}) => {
  const usual = world.config.activate.health as Health;
  world.config = {
    ...world.config,
    activate: { ...world.config.activate, health: { ...usual, within: 60_000 }, ...activate },
  };
  let asked = 0;
  for (const host of world.hosts)
    world.faults.set(host, (inner) => ({
      ...around("", (transport, command, options) => transport.exec(command, options))(inner),
      http: async () => {
        asked++;
        return { status: 200, headers: {}, body };
      },
    }));
  return () => asked;
};

test("a first deploy that tells no release fails at once, with what belongs into the application", async () => {
  world = makeWorld();
  world.write({ "package.json": "{}" });
  const asked = untaught("<h1>Shop</h1>");
  const report = await world.deploy();
  expect([report.result, asked()]).toEqual(["reverted", 9]);
  expect(report.problems[0]).toMatchObject({
    code: "release-untold",
    message: expect.stringContaining("neither X-Release nor the body names release"),
    hint: expect.stringContaining("health.expect-release: false"),
    evidence: [
      { title: "the answer", text: "<h1>Shop</h1>" },
      { title: expect.stringContaining("where the server is made"), text: tells.node.code },
    ],
  });
});

test("so does a later one whose server was started again", async () => {
  world = makeWorld();
  await world.deployed();
  const asked = untaught("ok", { reload: [{ run: ": systemctl restart shop", roles: [] }] });
  const report = await world.deploy({ commit: "b".repeat(40) });
  expect([report.result, report.problems[0]?.evidence?.length]).toEqual(["reverted", 2]);
  expect(asked()).toBeGreaterThanOrEqual(9);
});

test("one that renews its workers is waited for, and told", async () => {
  world = makeWorld();
  await world.deployed();
  const { activate } = world.config;
  const usual = activate.health as NonNullable<typeof activate.health>;
  world.config = {
    ...world.config,
    activate: {
      ...activate,
      health: { ...usual, within: 60_000 },
      reload: [{ run: ": kill -HUP", roles: [] }],
    },
  };
  let old = 5;
  world.faults.set("web2", (inner) => ({
    ...around("", (transport, command, options) => transport.exec(command, options))(inner),
    http: async (probe, signal) =>
      old-- > 0 ? { status: 200, headers: {}, body: "ok" } : inner.http(probe, signal),
  }));
  expect((await world.deploy({ commit: "b".repeat(40) })).result).toBe("deployed");
  const notes = world.events.flatMap((event) => (event.kind === "note" ? [event] : []));
  expect(notes).toMatchObject([{ host: "web2", text: expect.stringContaining("tells no release") }]);
});

test("what is configured for it is run where a host failed, before it goes back, and changes nothing", async () => {
  world = makeWorld();
  const first = await world.deployed();
  const diagnose = [
    { run: 'basename "$PWD"; echo lost >&2', roles: [] },
    { run: "exit 3", roles: [] },
    { run: "echo begun; exec sleep 60", roles: [], timeout: 1_000 },
  ];
  world.config = { ...world.config, activate: { ...world.config.activate, diagnose } };
  const report = await world.deploy({
    commit: "b".repeat(40),
    before: ({ release }) => world.broken.add(`${release}@web2`),
  });
  expect([report.result, lives()]).toEqual(["reverted", Array(3).fill(first.release)]);
  expect(report.problems.map(({ evidence }) => evidence)).toEqual([
    [
      { title: `${diagnose[0]?.run} (exited 0)`, text: `${report.release}\nlost` },
      { title: "exit 3 (exited 3)", text: "(it printed nothing)" },
      { title: "echo begun; exec sleep 60 (ended after 1 s)", text: "begun" },
    ],
  ]);
});

test("who is waited for is named", async () => {
  world = makeWorld();
  const clock = new ManualClock();
  let asked = 0;
  const within = { ...(world.config.activate.health as Health), within: 60_000, interval: 20_000 };
  world.config = { ...world.config, activate: { ...world.config.activate, health: within } };
  world.faults.set("web2", (inner) => ({
    ...around("", (transport, command, options) => transport.exec(command, options))(inner),
    http: async (probe, signal) => {
      asked++;
      return asked === 1 ? { status: 503, headers: {}, body: "" } : inner.http(probe, signal);
    },
  }));
  const running = world.deploy({ clock });
  await until("web2 was asked", () => asked === 1);
  while (asked === 1) await clock.advance(5_000);
  expect((await running).result).toBe("deployed");
  const notes = world.events.flatMap((event) => (event.kind === "note" ? [event] : []));
  expect(notes[0]).toEqual({ kind: "note", text: "web2: waiting for health, 10 s" });
});

test("an answer from another address says where, and how to ask", async () => {
  world = makeWorld();
  for (const host of world.hosts)
    world.faults.set(host, (inner) => ({
      ...around("", (transport, command, options) => transport.exec(command, options))(inner),
      http: async () => ({ status: 301, headers: { location: "https://shop.example.com/up" }, body: "" }),
    }));
  expect((await world.deploy()).problems[0]).toMatchObject({
    message: "http://127.0.0.1:8080/up answered 301 to https://shop.example.com/up, expected 200",
    hint: expect.stringContaining("X-Forwarded-Proto: https"),
  });
});
