// npm run bench:latency
// How many round trips a host waits for, one after the other: a redeploy to one real sshd host behind a proxy that delays
// every byte. What a phase takes grows by (its round trips) x (the delay), so the slope between two delays counts them.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packArtifact } from "@deploy/artifact";
import { type Host, Secret } from "@deploy/core";
import { openSession } from "@deploy/session";
import { type SshdFleet, sshdFleet, type TcpProxy, tcpProxy } from "@deploy/testkit/servers";
import { loadSshConnector } from "@deploy/transport";
import { changeApp, writeApp } from "../tree.ts";

/** Milliseconds of a round trip. */
const delays = [0, 80, 160];
const rounds = 3;
const phases = ["connect", "connect to prepared", "upload step", "switch step", "whole deploy"] as const;
type Times = Readonly<Record<(typeof phases)[number], number>>;

const work = await mkdtemp(join(tmpdir(), "deploy-latency-"));
const fleet = await sshdFleet({ hosts: [{ tmpfs: "500m" }] });
const [target] = fleet.hosts;
if (target === undefined) throw new Error("no host");
const proxy = await tcpProxy({ to: { host: target.address, port: target.port } });
const host: Host = { ...target.host, address: proxy.address, port: proxy.port };
const knownHosts = fleet.knownHosts().replaceAll(/^\S+/gm, `[${proxy.address}]:${proxy.port}`);
let number = 0;
try {
  await deployOnce(fleet, proxy);
  const taken = new Map<number, readonly Times[]>();
  for (const delay of delays) {
    proxy.latency(delay / 2);
    const samples: Times[] = [];
    for (let round = 0; round < rounds; round++) samples.push(await deployOnce(fleet, proxy));
    taken.set(delay, samples);
  }
  console.log(
    `phase                  ${delays.map((delay) => `${delay} ms`.padStart(9)).join("")}   round trips`,
  );
  for (const phase of phases) {
    const times = delays.map((delay) => median((taken.get(delay) ?? []).map((sample) => sample[phase])));
    const slope = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / (delays.at(-1) ?? 1);
    console.log(
      `${phase.padEnd(23)}${times.map((time) => time.toFixed(0).padStart(9)).join("")}${slope.toFixed(1).padStart(14)}`,
    );
  }
} finally {
  await proxy.close();
  await fleet.close();
  await rm(work, { recursive: true, force: true });
}

async function deployOnce({ keys }: SshdFleet, _proxy: TcpProxy): Promise<Times> {
  const root = join(work, "app");
  if (number === 0) await writeApp(root);
  else await changeApp(root, number);
  const [directory, commit] = [join(work, `packed${number}`), String(number).padEnd(40, "b")];
  const options = { root, exclude: [], shared: [], time: 1_700_000_000 + number, directory, commit };
  const packed = await packArtifact(options);
  number += 1;
  const privateKey = new Secret(keys.private);
  const login = { knownHosts, privateKey };
  const started = performance.now();
  await (await (await loadSshConnector(login))(host)).close();
  const connect = performance.now() - started;

  const times: Record<string, number> = {};
  const begun = performance.now();
  const session = await openSession({
    configText: JSON.stringify({
      app: "bench",
      "deploy-to": "/srv/shop",
      "keep-releases": 2,
      environments: {
        production: { hosts: [{ address: host.address, port: host.port, username: host.username }] },
      },
    }),
    configFile: "deploy.yml",
    overrides: {},
    connection: login,
    events(event) {
      if (event.kind !== "outcome") return;
      times[event.outcome.step] = event.outcome.milliseconds;
      if (event.outcome.step === "upload") times.prepared = performance.now() - begun;
    },
    signal: new AbortController().signal,
    dryRun: false,
    runUrl: "",
    owner: { id: "bench", repository: "b", run: "1", attempt: "1", actor: "b", commit, phase: "deploy" },
  });
  const plan = session.plan({ kind: "deploy", now: new Date(), commit, artifact: packed.artifact });
  const report = await session.run({ plan, phases: ["prepare", "data", "activate"], artifact: packed });
  const whole = performance.now() - begun;
  await session.close();
  if (report.result !== "deployed") throw new Error(JSON.stringify(report.problems));
  return {
    connect,
    "connect to prepared": (times.prepared ?? 0) - connect,
    "upload step": times.upload ?? 0,
    "switch step": times.switch ?? 0,
    "whole deploy": whole - connect,
  };
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}
