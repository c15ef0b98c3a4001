// npm run bench:fleet -- [--hosts 100,300,1000] [--rounds 2]
// One runner and very many hosts: in-process SSH servers that run the real scripts, on one machine. What it shows is that
// the runner completes, that its time and processor time per host stay the same, and what it needs of memory.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { packArtifact } from "@deploy/artifact";
import { inChild } from "../peers/child.ts";
import type { Sample } from "../types.ts";

const { values } = parseArgs({
  options: { hosts: { type: "string", default: "100,300,1000" }, rounds: { type: "string", default: "2" } },
});
const files = 50;

interface Fleet {
  readonly ports: readonly number[];
  readonly knownHosts: string;
  readonly privateKey: string;
}

console.log("hosts   round   seconds   ms/host   runner CPU ms/host   runner peak MB");
for (const hosts of values.hosts.split(",").map(Number)) await bench(hosts);

async function bench(hosts: number): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), "deploy-fleet-"));
  const { child, fleet } = await startServers(work, hosts);
  try {
    for (let round = 0; round <= Number(values.rounds); round++) {
      print(hosts, round, await deploy(work, fleet, round));
    }
  } finally {
    await ended(child);
    await rm(work, { recursive: true, force: true });
  }
}

async function startServers(work: string, hosts: number): Promise<{ child: ChildProcess; fleet: Fleet }> {
  const path = join(import.meta.dirname, "servers.ts");
  const options = ["--disable-warning=ExperimentalWarning"];
  const child = spawn(process.execPath, [...options, path, work, String(hosts)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  for await (const line of createInterface(child.stdout)) return { child, fleet: JSON.parse(line) as Fleet };
  throw new Error("the servers did not start");
}

async function ended(child: ChildProcess): Promise<void> {
  child.stdin?.end();
  await new Promise((done) => child.once("close", done));
}

async function deploy(work: string, fleet: Fleet, round: number): Promise<Sample> {
  const root = join(work, "app");
  await mkdir(root, { recursive: true });
  for (let file = 0; file < files; file++) {
    if (round === 0 || file < 5) {
      await writeFile(join(root, `module${file}.js`), `${round} ${file}\n`.repeat(500));
    }
  }
  const packed = join(work, `packed${round}`);
  const commit = String(round).padEnd(40, "a");
  await packArtifact({
    root,
    exclude: [],
    shared: [],
    time: 1_700_000_000 + round,
    directory: packed,
    commit,
  });
  const { knownHosts, privateKey } = fleet;
  return inChild({ kind: "product", config: configOf(fleet), knownHosts, privateKey, packed, commit, round });
}

function configOf({ ports }: Fleet): string {
  const hosts = ports.map((port) => ({ address: "127.0.0.1", port, username: "deploy" }));
  return JSON.stringify({
    app: "bench",
    "keep-releases": 1,
    "deploy-to": "~/shop",
    environments: { production: { hosts } },
  });
}

function print(hosts: number, round: number, { seconds, cpu, peak = Number.NaN }: Sample): void {
  const cells = [
    String(hosts).padStart(5),
    (round === 0 ? "cold" : String(round)).padStart(8),
    seconds.toFixed(1).padStart(10),
    ((seconds / hosts) * 1_000).toFixed(0).padStart(10),
    ((cpu / hosts) * 1_000).toFixed(1).padStart(21),
    peak.toFixed(0).padStart(17),
  ];
  console.log(cells.join(""));
}
