// npm run bench -- --hosts 16 [--rounds 5] [--disk]
// A redeploy (10 of 1,900 files changed) by the product and by the floor, alternating, in one run. The hosts keep
// their releases in memory (--disk: on this machine's disk): a fleet has a disk each, here all would share one.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { packArtifact } from "@deploy/artifact";
import { Secret } from "@deploy/core";
import { openSession } from "@deploy/session";
import { type FleetHost, type SshdFleet, sshdFleet } from "@deploy/testkit/servers";
import { type FloorHost, floorDeploy } from "./floor.ts";
import { packFiles } from "./pack.ts";
import { changeApp, shape, writeApp } from "./tree.ts";

const { values } = parseArgs({
  options: {
    hosts: { type: "string", default: "4" },
    rounds: { type: "string", default: "5" },
    disk: { type: "boolean", default: false },
  },
});
const count = Number(values.hosts);
const rounds = Number(values.rounds);
const commits = (round: number): string => round.toString(16).padStart(40, "0");

interface Sample {
  readonly seconds: number;
  /** Of this process: what the runner pays. */
  readonly cpu: number;
  readonly window?: number;
}

const measures: readonly (readonly [string, (sample: Sample) => number])[] = [
  ["seconds", ({ seconds }) => seconds],
  ["client CPU seconds", ({ cpu }) => cpu],
];

const work = mkdtempSync(join(tmpdir(), "deploy-bench-"));
const fleet = await sshdFleet({
  hosts: Array.from({ length: count }, () => ({
    config: ["MaxStartups 200"],
    ...(values.disk ? {} : { tmpfs: "500m" }),
  })),
});
try {
  await bench(fleet);
} finally {
  await fleet.close();
  rmSync(work, { recursive: true, force: true });
}

async function bench(servers: SshdFleet): Promise<void> {
  const root = join(work, "app");
  await writeApp(root);
  await deployProduct(servers, root, 0);
  await primeFloor(servers);
  const product: Sample[] = [];
  const copy: Sample[] = [];
  const link: Sample[] = [];
  for (let round = 1; round <= rounds; round++) {
    const changed = await changeApp(root, round);
    product.push(await deployProduct(servers, root, round));
    copy.push(await measure(() => deployFloor(servers, root, changed, round, "copy")));
    link.push(await measure(() => deployFloor(servers, root, changed, round, "link")));
  }
  print(product, { copy, link });
}

async function measure(work: () => Promise<unknown>): Promise<Sample> {
  const cpu = process.cpuUsage();
  const started = performance.now();
  await work();
  const used = process.cpuUsage(cpu);
  return { seconds: (performance.now() - started) / 1_000, cpu: (used.user + used.system) / 1_000_000 };
}

/** Packing is timed apart: it happens once, in another job, whatever the number of hosts. */
async function deployProduct(servers: SshdFleet, root: string, round: number): Promise<Sample> {
  const directory = join(work, `packed${round}`);
  const commit = commits(round);
  const time = 1_700_000_000 + round;
  const packed = await packArtifact({ root, exclude: [], shared: [], time, directory, commit });
  let window = 0;
  const sample = await measure(async () => {
    const session = await openSession({
      configText: configOf(servers.hosts),
      configFile: "deploy.yml",
      overrides: {},
      connection: { knownHosts: servers.knownHosts(), privateKey: new Secret(servers.keys.private) },
      events:
        process.env.TRACE === undefined
          ? () => {}
          : (event) =>
              event.kind === "outcome" &&
              console.log(
                event.outcome.host,
                event.outcome.step,
                event.outcome.milliseconds,
                event.outcome.detail,
              ),
      signal: new AbortController().signal,
      dryRun: false,
      runUrl: "",
      owner: {
        id: "bench",
        repository: "bench",
        run: String(round),
        attempt: "1",
        actor: "bench",
        commit,
        phase: "deploy",
      },
    });
    const plan = session.plan({ kind: "deploy", now: new Date(), commit, artifact: packed.artifact });
    const report = await session.run({ plan, phases: ["prepare", "data", "activate"], artifact: packed });
    await session.close();
    window = report.timings.window ?? 0;
    if (report.result !== "deployed") throw new Error(JSON.stringify(report.problems, undefined, 2));
  });
  return { ...sample, window };
}

function configOf(hosts: readonly FleetHost[]): string {
  return JSON.stringify({
    app: "bench",
    "keep-releases": 1,
    "deploy-to": `${hosts[0]?.srv}/shop`,
    environments: {
      production: { hosts: hosts.map(({ address, port, username }) => ({ address, port, username })) },
    },
  });
}

async function primeFloor(servers: SshdFleet): Promise<void> {
  const script =
    'cd "$1" && mkdir -p copy/releases && cp -a "shop/$(readlink shop/current)" copy/releases/0 && ln -s releases/0 copy/current && cp -a copy link';
  for (const host of servers.hosts) {
    const { code, stderr } = await host.exec(["sh", "-c", script, "sh", host.srv]);
    if (code !== 0) throw new Error(stderr);
  }
}

async function deployFloor(
  servers: SshdFleet,
  root: string,
  changed: readonly string[],
  round: number,
  how: "copy" | "link",
): Promise<void> {
  const hosts = servers.hosts.map((host): FloorHost => {
    const keyBlob = Buffer.from(host.knownHostsLine().split(" ")[2] ?? "", "base64");
    return { address: host.address, port: host.port, username: host.username, keyBlob };
  });
  const release = { from: String(round - 1), to: String(round) };
  await floorDeploy(
    hosts,
    servers.keys.private,
    `${servers.hosts[0]?.srv}/${how}`,
    how,
    release,
    packFiles(root, changed),
  );
}

function print(
  product: readonly Sample[],
  floors: Readonly<Record<"copy" | "link", readonly Sample[]>>,
): void {
  const where = values.disk ? "on one disk" : "in memory";
  console.log(
    `redeploy, ${count} hosts ${where}, ${shape.changed} of ${shape.files} files changed, median of ${rounds} (least to most)`,
  );
  for (const [name, read] of measures) {
    console.log(`${name}: deploy ${show(summary(product.map(read)))}`);
    for (const [how, floor] of Object.entries(floors)) {
      const ratio = summary(product.map(read)).median / summary(floor.map(read)).median;
      console.log(`  floor by ${how} ${show(summary(floor.map(read)))}, ratio ${ratio.toFixed(2)}`);
    }
  }
  console.log(
    `window in which the fleet changes, seconds: ${show(summary(product.map(({ window = 0 }) => window / 1_000)))}`,
  );
}

interface Summary {
  readonly least: number;
  readonly median: number;
  readonly most: number;
}

function summary(numbers: readonly number[]): Summary {
  const sorted = [...numbers].sort((a, b) => a - b);
  const at = (part: number): number => sorted[Math.floor((sorted.length - 1) * part)] ?? 0;
  return { least: at(0), median: at(0.5), most: at(1) };
}

function show({ least, median, most }: Summary): string {
  return `${median.toFixed(2)} (${least.toFixed(2)}–${most.toFixed(2)})`;
}
