import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type PackedArtifact, packArtifact } from "@deploy/artifact";
import type { ArtifactSource } from "@deploy/core";

import {
  type FleetHost,
  hostTree,
  needs,
  type SshdFleet,
  sshdFleet,
  type TcpProxy,
  tcpProxy,
} from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { deployBy, type Settings } from "./deployBy.ts";

const parts = [10, 50, 99];

needs("sshd", "ip")("an upload that is cut off", () => {
  let [fleet, proxy, host, folder]: [SshdFleet, TcpProxy, FleetHost, string] = [] as never;
  let round = 0;
  beforeAll(async () => {
    fleet = await sshdFleet({ hosts: 1 });
    host = fleet.hosts[0] as FleetHost;
    proxy = await tcpProxy({ to: { host: host.address, port: host.port } });
    folder = mkdtempSync(join(tmpdir(), "deploy-cut-"));
    await expectDeployed(await pack());
  });
  afterAll(async () => {
    await proxy?.close();
    await fleet?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const below = (path: string) => join(host.root, "shop", path);
  const current = () => readlinkSync(below("current"));

  test.each(parts)(
    "by the way there, at %i %: nothing is visible, and the next run is whole",
    async (part) => {
      const packed = await pack();
      const before = current();
      const cancelled = new AbortController();
      const held = holdAt(packed, part);
      const deployed = deployBy(settings(packed), { signal: cancelled.signal });
      await held;
      cancelled.abort();
      const cut = letGo();
      const { report } = await deployed;
      expect([report.result, cut]).toEqual(["cancelled", 1]);
      await expectUntouched(before);
      await expectDeployed(packed);
    },
  );

  test.each(parts)("on the host, at %i %: nothing is visible, and the next run is whole", async (part) => {
    const packed = await pack();
    const before = current();
    let killed = 0;
    const network = (await host.exec(["readlink", "/proc/self/ns/net"])).stdout.trim();
    const kill = async () => {
      while (killed === 0) {
        killed = killUnpacking(network);
        await pause(20);
      }
    };
    const { report } = await deployBy(settings(packed), {}, (source) => pausing(source, part, kill));
    const problems = report.problems.map(({ code }) => code);
    expect([report.result, problems, killed > 0]).toEqual(["failed", ["stream-damaged"], true]);
    await expectUntouched(before);
    await expectDeployed(packed);
  });

  test.each(parts)("on the runner, at %i %: nothing is visible, and the next run is whole", async (part) => {
    const packed = await pack();
    const before = current();
    const child = startRunner(settings(packed));
    await holdAt(packed, part);
    child.kill("SIGKILL");
    const [code, signal] = await once(child, "close");
    letGo();
    expect([code, signal]).toEqual([null, "SIGKILL"]);
    await expectUntouched(before);
    await expectDeployed(packed);
  });

  /** A site that does not compress, another one each time, so that all of it is sent. */
  async function pack(): Promise<PackedArtifact> {
    const root = join(folder, `site${++round}`);
    for (let part = 0; part < 10; part++) {
      mkdirSync(join(root, `part${part}`), { recursive: true });
      for (let file = 0; file < 20; file++)
        writeFileSync(join(root, `part${part}/${file}`), randomBytes(20_000));
    }
    const directory = join(folder, `packed${round}`);
    return packArtifact({
      root,
      exclude: [],
      shared: [],
      time: 1_700_000_000 + round,
      directory,
      commit: `${round}`.padEnd(40, "c"),
    });
  }

  /** Resolves when this part of the upload has passed the proxy; the rest waits there. */
  async function holdAt(packed: PackedArtifact, part: number): Promise<void> {
    const { bytes } = await packed.parcel(null, "zstd");
    await proxy.holdAfter(Math.floor((bytes * part) / 100), "toServer");
  }

  /** What was held never arrives. How many connections there were. */
  function letGo(): number {
    const live = proxy.reset();
    proxy.resume();
    return live;
  }

  function settings({ directory: packed }: PackedArtifact): Settings {
    const hosts = [{ address: proxy.address, port: proxy.port, username: host.username }];
    return {
      packed,
      knownHosts: fleet.knownHosts().replace(/^\S+/, `[${proxy.address}]:${proxy.port}`),
      privateKey: fleet.keys.private,
      configText: JSON.stringify({
        app: "shop",
        "deploy-to": `${host.srv}/shop`,
        environments: { production: { hosts } },
      }),
      key: { id: "", secret: "" },
    };
  }

  async function expectUntouched(before: string): Promise<void> {
    const known = readdirSync(below(".deploy/releases")).map((name) => name.replace(/\.\w+$/, ""));
    expect([current(), readdirSync(below("releases")).filter((name) => !known.includes(name))]).toEqual([
      before,
      [],
    ]);
    expect(
      known.some((name) => readFileSync(below(`.deploy/releases/${name}.json`), "utf8").includes("partial")),
    ).toBe(false);
  }

  async function expectDeployed(packed: PackedArtifact): Promise<void> {
    const { report } = await deployBy(settings(packed));
    expect([report.result, report.problems]).toEqual(["deployed", []]);
    const sent = hostTree(join(folder, `site${round}`));
    expect(
      hostTree(below("current/")).filter(({ path }) => path !== "REVISION" && path !== "RELEASE"),
    ).toEqual(sent);
    expect(readdirSync(below(".deploy/staging"))).toEqual([]);
  }

  /** The tar that unpacks the upload on our host: others' hosts are namespaces of this machine, too. How many there were. */
  function killUnpacking(network: string): number {
    const found = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && isUnpacking(name, network));
    for (const pid of found) process.kill(Number(pid), "SIGKILL");
    return found.length;
  }
});

/** The same parcels, which stop at a part of their bytes until `meanwhile` is over. */
function pausing(source: ArtifactSource, part: number, meanwhile: () => Promise<void>): ArtifactSource {
  return {
    ...source,
    async parcel(base, encoding) {
      const parcel = await source.parcel(base, encoding);
      const chunks: Uint8Array[] = [];
      for await (const chunk of parcel.read()) chunks.push(chunk);
      const bytes = Buffer.concat(chunks);
      const half = Math.floor((bytes.length * part) / 100);
      return {
        ...parcel,
        async *read() {
          yield bytes.subarray(0, half);
          await meanwhile();
          yield bytes.subarray(half);
        },
      };
    },
  };
}

function isUnpacking(pid: string, network: string): boolean {
  try {
    const [program] = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    if (program !== "tar" || readlinkSync(`/proc/${pid}/ns/net`) !== network) return false;
    return readlinkSync(`/proc/${pid}/cwd`).includes("/shop/.deploy/staging/");
  } catch {
    return false; // gone meanwhile
  }
}

function startRunner(settings: Settings): ChildProcess {
  const options = ["--disable-warning=ExperimentalWarning"];
  const child = spawn(process.execPath, [...options, join(import.meta.dirname, "killed.ts")], {
    stdio: ["pipe", "ignore", "ignore"],
  });
  child.stdin?.end(JSON.stringify(settings));
  return child;
}
