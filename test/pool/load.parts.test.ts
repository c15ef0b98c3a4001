import { needs } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { say } from "./haproxy.ts";
import { startLoad } from "./load.ts";
import { openRig, type Rig } from "./rig.ts";

const describe = needs("sshd", "ip", "curl", "haproxy");
const strategy = "rolling";
const canary = { soak: "2s", interval: "200ms" };
const file = {
  kind: "file",
  path: "drain",
  settle: "2s",
  "in-flight": "curl -s http://127.0.0.1:8080/open",
};

describe("four hosts behind two HAProxys, restarted rudely while people order", () => {
  let rig: Rig;
  let haproxy: Readonly<Record<string, unknown>>;
  beforeAll(async () => {
    rig = await openRig();
    const balancers = rig.balancers.map(({ name, username }) => `${username}@${name}`);
    haproxy = { kind: "haproxy", balancers, socket: rig.socket, backend: "shop" };
  }, 120_000);
  afterAll(() => rig?.close());

  test.each([
    ["a file that their health check sees", () => ({ strategy, pool: file }), ["4", "1", "2", "3"]],
    [
      "the balancers' own sockets, one of them first for a while",
      () => ({ strategy: "canary", canary, pool: haproxy }),
      ["3", "canary", "1", "2"],
    ],
  ])(
    "by %s: not one of 5,000 requests is lost",
    async (_, activate, waves) => {
      const load = startLoad(rig.balancers);
      const report = await rig.deploy(activate());
      const { sent, failed } = await load.end(5_000);
      expect([report.result, report.problems, report.warnings]).toEqual(["deployed", [], []]);
      expect(report.hosts.map(({ wave }) => wave)).toEqual(waves);
      expect([failed, sent >= 5_000]).toEqual([[], true]);
    },
    300_000,
  );

  test("a release that is healthy and fails its users is seen by the balancers' counts on one host, and goes back", async () => {
    const load = startLoad(rig.balancers);
    const report = await rig.deploy(
      { strategy: "canary", canary: { ...canary, soak: "10m" }, pool: haproxy },
      { broken: "" },
    );
    const { failed } = await load.end(0);
    expect([report.result, report.problems.map(({ code }) => code)]).toEqual(["reverted", ["soak-bad"]]);
    expect(report.headline).toMatch(
      /went back: soak failed on \S+ \(\d+ of \d+ requests failed there, and 0 of \d+ requests on the others/,
    );
    expect(new Set(failed)).toEqual(new Set(["500"]));
  }, 300_000);

  test("nobody asks: a person says, and the same commit again goes on", async () => {
    const rolling = { "max-unavailable": 3 };
    const activate = { strategy: "canary", canary, rolling, pool: haproxy };
    const report = await rig.deploy(activate);
    expect([report.result, report.headline]).toEqual(["held", expect.stringContaining("sent no request")]);
    const again = await rig.deployAgain(activate);
    expect([again.result, again.release, again.problems]).toEqual(["deployed", report.release, []]);
  }, 300_000);

  test("who is drained at one balancer by an operator is neither in nor ours: the plan says so, and nobody else leaves", async () => {
    const [first] = rig.balancers;
    if (first === undefined) throw new Error("there is no balancer");
    await say(first, "set server shop/web3 state maint");
    const load = startLoad(rig.balancers);
    const report = await rig.deploy({ strategy, pool: haproxy });
    const { failed } = await load.end(0);
    expect([report.result, report.problems.map(({ code }) => code), failed]).toEqual([
      "failed",
      ["pool-short"],
      [],
    ]);
    expect(report.headline).toMatch(/not in the pool are \S+ \(mixed\)/);
    expect(report.hosts.flatMap(({ outcomes }) => outcomes)).toEqual([]);
    expect(await say(first, "show servers state shop")).toMatch(/ web3 \S+ 0 1 /);
    await say(first, "set server shop/web3 state ready");
  }, 300_000);

  test("a balancer that cannot be read: nobody leaves", async () => {
    const report = await rig.deploy({ strategy, pool: { ...haproxy, socket: "/run/none.sock" } });
    expect([report.result, report.problems.map(({ code }) => code)]).toEqual(["failed", ["pool-unreadable"]]);
  }, 300_000);

  test("the same without a pool loses some: the load would have seen it", async () => {
    const load = startLoad(rig.balancers);
    const report = await rig.deploy({ strategy });
    const { failed } = await load.end(0);
    expect(report.result).toBe("deployed");
    expect(failed.length).toBeGreaterThan(0);
  }, 300_000);
});
