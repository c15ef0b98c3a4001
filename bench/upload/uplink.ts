// npm run bench:uplink -- [--hosts 16] [--rate 100mbit]
// The limit this room is about: a runner whose way out is narrow, and many hosts. The bridge to the hosts is shaped (tbf);
// the store is one more machine behind it, so that what hosts fetch there does not pass the runner. Root only.
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openPacked, packArtifact } from "@deploy/artifact";
import { type Report, Secret } from "@deploy/core";
import { openSession } from "@deploy/session";
import { type FleetHost, pathOfPart, type SshdFleet, sshdFleet } from "@deploy/testkit/servers";
import { changeApp, writeApp } from "../tree.ts";

const { values } = parseArgs({
  options: { hosts: { type: "string", default: "16" }, rate: { type: "string", default: "100mbit" } },
});
const keys = { AWS_ACCESS_KEY_ID: "bench", AWS_SECRET_ACCESS_KEY: "bench-secret" };
Object.assign(process.env, keys);

const work = await mkdtemp(join(tmpdir(), "deploy-uplink-"));
const fleet = await sshdFleet({ hosts: Array(Number(values.hosts) + 1).fill({ tmpfs: "500m" }) });
const [shop, ...hosts] = fleet.hosts;
if (shop === undefined) throw new Error("no hosts");
try {
  await startStore(shop);
  const route = execFileSync("ip", ["route", "get", shop.address]).toString();
  const device = /dev (\S+)/.exec(route)?.[1] ?? "";
  execFileSync("tc", [
    "qdisc",
    "add",
    "dev",
    device,
    "root",
    "tbf",
    "rate",
    values.rate,
    "burst",
    "64kb",
    "latency",
    "300ms",
  ]);
  const store = { store: "s3://bench/parcels", endpoint: `http://${shop.address}:7070`, region: "us-east-1" };
  const ways = {
    artifact: {},
    pull: { upload: { method: "pull", ...store } },
    rsync: { upload: { method: "rsync" } },
  };
  console.log(
    `${hosts.length} hosts, ${values.rate} out of the runner: seconds of the upload step, MB that came to the hosts\n`,
  );
  for (let round = 0; round < 3; round++) {
    const packed = await pack(round);
    for (const [name, config] of Object.entries(ways)) {
      const report = await deploy(fleet, hosts, name, config, packed, round);
      const uploads = report.hosts.flatMap(({ outcomes }) =>
        outcomes.filter(({ step }) => step === "upload"),
      );
      const slowest = Math.max(...uploads.map(({ milliseconds }) => milliseconds)) / 1_000;
      const sent = uploads.reduce((sum, { transfer }) => sum + (transfer?.sent ?? 0), 0) / 1e6;
      console.log(
        `${round === 0 ? "cold" : "warm"}  ${name.padEnd(10)}${slowest.toFixed(1).padStart(8)}${sent.toFixed(1).padStart(8)}`,
      );
    }
  }
} finally {
  await fleet.close();
  await rm(work, { recursive: true, force: true });
}

async function startStore(host: FleetHost): Promise<void> {
  await host.exec(["mkdir", "-p", `${host.srv}/buckets/bench`, `${host.srv}/meta/bench`]);
  const program = pathOfPart("versitygw") ?? "versitygw";
  const flags = ["--quiet", "--noacl", "--port", `${host.address}:7070`, "--region", "us-east-1"];
  const backend = ["posix", "--sidecar", `${host.srv}/meta`, `${host.srv}/buckets`];
  await host.start([program, ...flags, ...backend], {
    ROOT_ACCESS_KEY: "bench",
    ROOT_SECRET_KEY: "bench-secret",
  });
  for (let attempt = 0; attempt < 100; attempt++) {
    if (
      await fetch(`http://${host.address}:7070/`).then(
        () => true,
        () => false,
      )
    )
      return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error("the store did not start");
}

async function pack(round: number): Promise<string> {
  const root = join(work, "app");
  await mkdir(root, { recursive: true });
  if (round === 0) await writeApp(root);
  else await changeApp(root, round);
  const directory = join(work, `packed${round}`);
  const commit = String(round).padEnd(40, "d");
  await packArtifact({ root, exclude: [], shared: [], time: 1_700_000_000 + round, directory, commit });
  return directory;
}

async function deploy(
  { keys: login, knownHosts }: SshdFleet,
  targets: readonly FleetHost[],
  name: string,
  config: Readonly<Record<string, unknown>>,
  directory: string,
  round: number,
): Promise<Report> {
  const packed = await openPacked(directory);
  const session = await openSession({
    configText: JSON.stringify({
      app: "bench",
      "deploy-to": `/srv/${name}`,
      "keep-releases": 1,
      ...config,
      environments: {
        production: { hosts: targets.map(({ address, port, username }) => ({ address, port, username })) },
      },
    }),
    configFile: "deploy.yml",
    overrides: {},
    connection: { knownHosts: knownHosts(), privateKey: new Secret(login.private) },
    events: (event) => {
      if (event.kind === "note" && event.host === undefined) console.error(event.text);
    },
    signal: new AbortController().signal,
    dryRun: false,
    runUrl: "",
    owner: {
      id: `b/${round}`,
      repository: "b",
      run: String(round),
      attempt: "1",
      actor: "b",
      commit: "-",
      phase: "deploy",
    },
  });
  const plan = session.plan({
    kind: "deploy",
    now: new Date(),
    commit: packed.commit,
    artifact: packed.artifact,
  });
  const report = await session.run({ plan, phases: ["prepare", "data", "activate"], artifact: packed });
  await session.close();
  if (report.result !== "deployed") throw new Error(JSON.stringify(report.problems, undefined, 2));
  return report;
}
