import { readlinkSync } from "node:fs";
import { join } from "node:path";
import type { Report } from "@deploy/core";
import { knownHostsLine, needs, tcpProxy, testKeys } from "@deploy/testkit";
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

  test("is cut after the flip and before its answer: the host is read again, and the deploy is whole", async () => {
    const second = world.fleet.hosts[1];
    const proxy = await tcpProxy({ to: { host: second?.address ?? "", port: 22 } });
    const pinned = (second?.knownHostsLine() ?? "").split(" ").slice(1).join(" ");
    const knownHosts = `${world.fleet.knownHosts()}[127.0.0.1]:${proxy.port} ${pinned}\n`;
    const through = new Map([[1, { address: proxy.address, port: proxy.port }]]);
    const first = await world.deploy(commitOf("a"), { through, knownHosts });
    expect(first.problems).toEqual([]);
    const current = () => readlinkSync(join(second?.root ?? "", "shop/current"));
    const old = current();
    const answered = proxy.holdWhen(() => current() !== old, "toClient");
    const deployed = world.deploy(commitOf("b"), { through, knownHosts });
    await answered;
    const cut = proxy.reset();
    proxy.resume();
    const report = await deployed;
    await proxy.close();
    expect([cut, report.result]).toEqual([1, "deployed"]);
    const link = `releases/${report.release}`;
    expect(await world.live()).toEqual([link, link, link]);
  });
});
