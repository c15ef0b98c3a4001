import { existsSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Report } from "@deploy/core";
import { type FleetHost, knownHostsLine, needs, tcpProxy, testKeys, until } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { commitOf, openWorld, type World } from "./world.ts";

const describe = needs("sshd", "ip", "curl");

const codes = (report: Report): unknown[] => report.problems.map(({ code, place }) => [code, place.host]);

describe("one bad host of three: nobody is switched, one clear error", () => {
  let world: World;
  let first: Report;
  let names: string[];
  beforeAll(async () => {
    world = await openWorld({ hosts: [{}, { tmpfs: "3m" }, {}] });
    first = await world.deploy(commitOf("a"));
    names = world.fleet.hosts.map(({ name }) => name);
  });
  afterAll(() => world.close());

  const expectOld = async (report: Report): Promise<void> => {
    expect([first.result, report.result, report.exitCode]).toEqual(["deployed", "failed", 1]);
    const link = `releases/${first.release}`;
    expect(await world.live()).toEqual([link, link, link]);
    for (const answer of await world.served())
      expect(JSON.parse(answer)).toMatchObject({ release: first.release });
  };

  test("its key is another", async () => {
    const [one, two, three] = world.fleet.hosts;
    const stranger = knownHostsLine(two?.address ?? "", 22, testKeys().public);
    const knownHosts = [one?.knownHostsLine(), stranger, three?.knownHostsLine()].join("\n");
    const report = await world.deploy(commitOf("b"), { knownHosts });
    await expectOld(report);
    expect(codes(report)).toEqual([["host-key-mismatch", names[1]]]);
    expect(report.problems[0]?.message.match(/SHA256:/g)?.length).toBeGreaterThanOrEqual(2);
  });

  test("it is down", async () => {
    await world.fleet.hosts[1]?.stop();
    const report = await world.deploy(commitOf("b"));
    await world.fleet.hosts[1]?.restart();
    await expectOld(report);
    expect(codes(report)).toEqual([["connect-refused", names[1]]]);
  });

  test("its disk has no room, known before a byte is sent", async () => {
    world.write({ "big.bin": "x".repeat(5_000_000) });
    const report = await world.deploy(commitOf("b"));
    world.write({ "big.bin": "small" });
    await expectOld(report);
    expect(codes(report)).toEqual([["disk-full", names[1]]]);
    expect(report.hosts.flatMap(({ outcomes }) => outcomes)).toEqual([]);
  });

  test("small files take whole blocks: known before a byte is sent", async () => {
    const many = Array.from({ length: 900 }, (_, index) => [`many/${index}.txt`, "x"]);
    world.write(Object.fromEntries(many));
    const report = await world.deploy(commitOf("c"), { config: { exclude: [] } });
    await expectOld(report);
    expect(codes(report)).toEqual([["disk-full", names[1]]]);
    expect(report.hosts.flatMap(({ outcomes }) => outcomes)).toEqual([]);
  });

  test("its disk fills up while it prepares: how much changed was not known", async () => {
    const config = { exclude: [], upload: { unchanged: "link" } };
    const report = await world.deploy(commitOf("c"), { config });
    await expectOld(report);
    expect(codes(report)).toEqual([["disk-full", names[1]]]);
    expect(report.problems[0]?.place.step).toBe("upload");
    const left = await world.fleet.hosts[1]?.exec(["ls", "/srv/shop/.deploy/staging"]);
    expect(left?.stdout).toBe("");
    world.remove("many");
  });

  test("its current is a directory", async () => {
    const srv = `${world.fleet.hosts[1]?.srv}/shop`;
    const script = 'cd "$0" && mv current current.old && mkdir current && echo mine >current/file';
    await world.fleet.hosts[1]?.exec(["sh", "-c", script, srv]);
    const report = await world.deploy(commitOf("e"));
    const kept = await world.fleet.hosts[1]?.exec(["cat", `${srv}/current/file`]);
    await world.fleet.hosts[1]?.exec(["sh", "-c", 'cd "$0" && rm -r current && mv current.old current', srv]);
    await expectOld(report);
    expect([codes(report), kept?.stdout]).toEqual([[["current-not-a-link", names[1]]], "mine\n"]);
  });
});

describe("the wire between runner and one host", () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ hosts: 3 });
  });
  afterAll(() => world.close());

  /** A proxy before the second host, and how a deploy goes through it. */
  async function wire() {
    const second = world.fleet.hosts[1];
    const proxy = await tcpProxy({ to: { host: second?.address ?? "", port: 22 } });
    const pinned = (second?.knownHostsLine() ?? "").split(" ").slice(1).join(" ");
    const knownHosts = `${world.fleet.knownHosts()}[127.0.0.1]:${proxy.port} ${pinned}\n`;
    const through = new Map([[1, { address: proxy.address, port: proxy.port }]]);
    return { proxy, settings: { through, knownHosts } };
  }

  test("is cut after the flip and before its answer: the host is read again, and the deploy is whole", async () => {
    const { proxy, settings } = await wire();
    const first = await world.deploy(commitOf("a"), settings);
    expect(first.problems).toEqual([]);
    const current = () => readlinkSync(join(world.fleet.hosts[1]?.root ?? "", "shop/current"));
    const old = current();
    const answered = proxy.holdWhen(() => current() !== old, "toClient");
    const deployed = world.deploy(commitOf("b"), settings);
    await answered;
    const cut = proxy.reset();
    proxy.resume();
    const report = await deployed;
    await proxy.close();
    expect([cut, report.result]).toEqual([1, "deployed"]);
    const link = `releases/${report.release}`;
    expect(await world.live()).toEqual([link, link, link]);
  });

  const stubborn = "trap '' TERM; echo $$ >$DEPLOY_TO/begun; until [ -e $DEPLOY_TO/go ]; do sleep 0.1; done";
  const fileOn = (host: number, name: string) => join(world.fleet.hosts[host]?.root ?? "", "shop", name);
  const runs = async (host: number): Promise<boolean> => {
    const script = 'kill -0 "$(cat "$0/begun")"';
    const { srv, exec } = world.fleet.hosts[host] as FleetHost;
    return existsSync(fileOn(host, "begun")) && (await exec(["sh", "-c", script, `${srv}/shop`])).code === 0;
  };
  const all = [0, 1, 2];
  const running = async () => (await Promise.all(all.map(runs))).filter((one) => one).length;

  test("is cut in a prepare command, or the run is cancelled there: the command is ended and begun anew", async () => {
    const { proxy, settings } = await wire();
    const config = { prepare: [stubborn] };
    const cutOff = world.deploy(commitOf("c"), { ...settings, config });
    await until("three commands", async () => (await running()) === 3);
    proxy.reset();
    await until("two commands", async () => (await running()) === 2);
    for (const host of [0, 2]) writeFileSync(fileOn(host, "go"), "");
    expect([(await cutOff).result, await running()]).toEqual(["failed", 0]);
    for (const host of [0, 2]) rmSync(fileOn(host, "go"));
    await proxy.close();

    const cancel = new AbortController();
    const cancelled = world.deploy(commitOf("d"), { config, run: "2", signal: cancel.signal });
    await until("three commands", async () => (await running()) === 3);
    cancel.abort();
    const report = await cancelled;
    expect([report.result, await running(), new Set(codes(report).map(String))]).toEqual([
      "cancelled",
      0,
      new Set(world.fleet.hosts.map(({ name }) => `command-ended,${name}`)),
    ]);
    for (const host of all) writeFileSync(fileOn(host, "go"), "");
    expect((await world.deploy(commitOf("d"), { config, run: "3" })).result).toBe("deployed");
  });
});
