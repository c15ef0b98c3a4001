import { needs, shareOf } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { say } from "./haproxy.ts";
import { type Front, startLoad } from "./load.ts";
import { openRig, type Rig } from "./rig.ts";
import { group } from "./targetGroup.ts";

const describe = needs("sshd", "ip", "curl", "haproxy", "nginx", "caddy");
const strategy = "rolling";
const canary = { soak: "2s", interval: "200ms" };
const file = {
  kind: "file",
  path: "drain",
  settle: "2s",
  "in-flight": "curl -s http://127.0.0.1:8080/open",
};
const targetGroup = {
  ...{ kind: "target-group", groups: [group], region: "eu-central-1" },
  "deregistration-delay": "1s",
};

describe("four hosts behind their balancers, restarted rudely while people order", () => {
  let rig: Rig;
  let haproxy: Readonly<Record<string, unknown>>;
  beforeAll(async () => {
    rig = await openRig();
    const balancers = rig.balancers.map(({ name, username }) => `${username}@${name}`);
    haproxy = { kind: "haproxy", balancers, socket: rig.socket, backend: "shop" };
  }, 120_000);
  afterAll(() => rig?.close());

  const inTurn = ["4", "1", "2", "3"];
  const rows: readonly (readonly [
    string,
    () => { readonly activate: object; readonly fronts: readonly Front[] },
    readonly string[],
  ])[] = [
    [
      "a file that the health checks of HAProxy and Caddy see, and that nginx is told of by a 503",
      () => ({
        activate: { strategy, pool: file },
        fronts: [...rig.fronts.haproxy, ...rig.fronts.nginx, ...rig.fronts.caddy],
      }),
      inTurn,
    ],
    [
      "the HAProxys' own sockets, one of them first for a while",
      () => ({ activate: { strategy: "canary", canary, pool: haproxy }, fronts: rig.fronts.haproxy }),
      ["3", "canary", "1", "2"],
    ],
    [
      "AWS's target groups",
      () => ({
        activate: { strategy, pool: { ...targetGroup, endpoint: rig.endpoint } },
        fronts: rig.fronts.aws,
      }),
      inTurn,
    ],
  ];

  test.each(shareOf(rows, rows.length))(
    "by %s: not one of 5,000 requests is lost",
    async (_, of, waves) => {
      const { activate, fronts } = of();
      const load = startLoad(fronts, 16 / fronts.length);
      const report = await rig.deploy({ ...activate });
      const { sent, failed, longest } = await load.end(5_000);
      console.log(`${sent} requests, ${failed.length} failed, longest wait ${longest.toFixed(0)} ms`);
      expect([report.result, report.problems, report.warnings]).toEqual(["deployed", [], []]);
      expect(report.hosts.map(({ wave }) => wave)).toEqual(waves);
      expect([failed, sent >= 5_000]).toEqual([[], true]);
    },
    300_000,
  );

  test("a release that is healthy and fails its users is seen by the balancers' counts on one host, and goes back", async () => {
    const load = startLoad(rig.fronts.haproxy);
    const report = await rig.deploy(
      { strategy: "canary", canary: { ...canary, soak: "10m" }, pool: haproxy },
      { broken: "" },
    );
    const { failed } = await load.end(0);
    expect([report.result, report.problems.map(({ code }) => code)]).toEqual(["reverted", ["soak-bad"]]);
    expect(report.headline).toMatch(
      /went back: soak failed on \S+ \(\d+ of \d+ requests failed there, and 0 of \d+ requests on the others/,
    );
    expect(new Set(failed)).toEqual(new Set(["HAProxy: 500"]));
  }, 300_000);

  test("hosts that are named go first; nobody asks: a person says, and the same commit again goes on", async () => {
    const rolling = { "max-unavailable": 3 };
    const [, second] = rig.webs.map(({ address }) => address);
    const servers = [`${second}=web2`];
    const first = { ...canary, hosts: [second] };
    const activate = { strategy: "canary", canary: first, rolling, pool: { ...haproxy, servers } };
    const report = await rig.deploy(activate);
    expect(report.hosts.map(({ wave }) => wave)).toEqual(["1", "canary", "1", "1"]);
    expect([report.result, report.headline]).toEqual(["held", expect.stringContaining("sent no request")]);
    const again = await rig.deployAgain(activate);
    expect([again.result, again.release, again.problems]).toEqual(["deployed", report.release, []]);
  }, 300_000);

  test("who is drained at one balancer by an operator is neither in nor ours: the plan says so, and nobody else leaves", async () => {
    const [first] = rig.balancers;
    if (first === undefined) throw new Error("there is no balancer");
    await say(first, "set server shop/web3 state maint");
    const load = startLoad(rig.fronts.haproxy);
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

  test("the same without a pool loses some before each of them: the load would have seen it", async () => {
    const { haproxy, plain, caddy, aws } = rig.fronts;
    const load = startLoad([...haproxy, ...plain, ...caddy, ...aws], 8);
    const report = await rig.deploy({ strategy });
    const { failed } = await load.end(0);
    expect(report.result).toBe("deployed");
    const lossy = new Set(failed.map((line) => line.split(":")[0]));
    expect([...lossy].sort()).toEqual(["Caddy", "HAProxy", "plain nginx", "target group"]);
  }, 300_000);
});
