// One deploy by the product, or by the floor, in a process of its own: stdin is a Job, stdout its Sample.
import { text } from "node:stream/consumers";
import { openPacked } from "@deploy/artifact";
import { Secret } from "@deploy/core";
import { openSession } from "@deploy/session";
import { type FloorHost, floorDeploy } from "../floor.ts";
import { packFiles } from "../pack.ts";

export interface ProductJob {
  readonly kind: "product";
  readonly config: string;
  readonly knownHosts: string;
  readonly privateKey: string;
  /** Where the packed release lies: packing happens once, in another job. */
  readonly packed: string;
  readonly commit: string;
  readonly round: number;
}

export interface FloorJob {
  readonly kind: "floor";
  readonly hosts: readonly (Omit<FloorHost, "keyBlob"> & { readonly keyBlob: string })[];
  readonly privateKey: string;
  readonly base: string;
  readonly how: "copy" | "link";
  readonly release: { readonly from: string; readonly to: string };
  readonly root: string;
  readonly changed: readonly string[];
}

export type Job = ProductJob | FloorJob;

const job = JSON.parse(await text(process.stdin)) as Job;
const work = job.kind === "product" ? await product(job) : await floor(job);
const before = process.cpuUsage();
const started = performance.now();
await work();
const seconds = (performance.now() - started) / 1_000;
const { user, system } = process.cpuUsage(before);
const peak = process.resourceUsage().maxRSS / 1_024;
process.stdout.write(JSON.stringify({ seconds, cpu: (user + system) / 1_000_000, peak }));

async function product(job: ProductJob): Promise<() => Promise<void>> {
  const { commit, round } = job;
  const owner = {
    id: "bench",
    repository: "bench",
    run: String(round),
    attempt: "1",
    actor: "bench",
    commit,
    phase: "deploy",
  };
  const packed = await openPacked(job.packed);
  return async () => {
    const session = await openSession({
      configText: job.config,
      configFile: "deploy.yml",
      overrides: {},
      connection: { knownHosts: job.knownHosts, privateKey: new Secret(job.privateKey) },
      events: (event) => {
        if (process.env.TRACE === undefined || event.kind !== "outcome") return;
        const { host, step, milliseconds } = event.outcome;
        console.error(Math.round(performance.now() - started), host, step, milliseconds);
      },
      signal: new AbortController().signal,
      dryRun: false,
      runUrl: "",
      owner,
    });
    const plan = session.plan({ kind: "deploy", now: new Date(), commit, artifact: packed.artifact });
    const report = await session.run({ plan, phases: ["prepare", "data", "activate"], artifact: packed });
    await session.close();
    if (report.result !== "deployed") throw new Error(JSON.stringify(report.problems, undefined, 2));
  };
}

async function floor(job: FloorJob): Promise<() => Promise<void>> {
  const hosts = job.hosts.map((host) => ({ ...host, keyBlob: Buffer.from(host.keyBlob, "base64") }));
  const changed = packFiles(job.root, job.changed);
  return () => floorDeploy(hosts, job.privateKey, job.base, job.how, job.release, changed);
}
