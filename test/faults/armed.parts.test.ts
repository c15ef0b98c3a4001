import { type FleetHost, needs, tcpProxy } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { commitOf, openWorld, type Settings, type World } from "./world.ts";

const describe = needs("sshd", "ip", "curl");

describe("while all but one host are armed", () => {
  let world: World;
  let proxy: Awaited<ReturnType<typeof tcpProxy>>;
  let settings: Settings;
  let old: string;
  beforeAll(async () => {
    world = await openWorld({ hosts: 3 });
    const second = host(1);
    proxy = await tcpProxy({ to: { host: second.address, port: 22 } });
    const pinned = second.knownHostsLine().split(" ").slice(1).join(" ");
    const knownHosts = `${world.fleet.knownHosts()}[127.0.0.1]:${proxy.port} ${pinned}\n`;
    settings = { through: new Map([[1, { address: proxy.address, port: proxy.port }]]), knownHosts };
    old = `releases/${(await world.deploy(commitOf("a"), settings)).release}`;
  });
  afterAll(async () => {
    await world.close();
    await proxy.close();
  });

  const host = (index: number): FleetHost => {
    const found = world.fleet.hosts[index];
    if (found === undefined) throw new Error(`no host ${index}`);
    return found;
  };

  /** The flip of the third host is not asked for before `act` has done its work; the new link of the others lies beside by then. */
  const deployWhile = (commit: string, more: Settings, act: () => Promise<void>) => {
    const third = host(2).address;
    const ready = async () => {
      await Promise.all([armed(host(0)), armed(host(1))]);
      await act();
    };
    return world.deploy(commit, {
      ...settings,
      ...more,
      wrap: (inner) => ({
        host: inner.host,
        http: (probe, signal) => inner.http(probe, signal),
        close: () => inner.close(),
        exec: async (command, options) => {
          if (inner.host.address === third && command.name === "flip armed") await ready();
          return inner.exec(command, options);
        },
      }),
    });
  };
  const armed = async ({ srv, start }: FleetHost): Promise<void> => {
    const script = 'until [ -L "$0/.deploy/current" ]; do sleep 0.05; done; echo armed';
    const watcher = await start(["sh", "-c", script, `${srv}/shop`]);
    await watcher.until(/armed/);
  };

  test("one loses its connection: it is armed again, and all switch", async () => {
    let cut = 0;
    const report = await deployWhile(commitOf("b"), {}, async () => {
      cut = proxy.reset();
      expect(await world.live()).toEqual([old, old, old]);
    });
    expect([cut, report.result, report.problems]).toEqual([1, "deployed", []]);
    old = `releases/${report.release}`;
    expect(await world.live()).toEqual([old, old, old]);
  });

  test("the run is cancelled: nobody switches, and nothing of it is left", async () => {
    const cancel = new AbortController();
    const more = { signal: cancel.signal };
    const report = await deployWhile(commitOf("c"), more, async () => cancel.abort());
    expect([report.result, await world.live()]).toEqual(["cancelled", [old, old, old]]);
    const listed = await Promise.all(
      world.fleet.hosts.map(({ srv, exec }) => exec(["ls", "-A", `${srv}/shop/.deploy`])),
    );
    for (const { stdout } of listed) expect(stdout.split("\n")).not.toContain("current");
  });
});
