import { count, DeployError, dataSize, type Problem, problemOf, Semaphore } from "@deploy/core";
import { prepare } from "@deploy/remote";
import { type Answer, askSurely } from "./ask.ts";
import { baseOf } from "./bases.ts";
import type { Context } from "./context.ts";
import { readLate, sendParcel } from "./deliver/artifact.ts";
import {
  type Base,
  type Delivered,
  failed,
  type Job,
  note,
  prepareOptions,
  usualDelivery,
} from "./deliver/job.ts";
import { letFetch } from "./deliver/pull.ts";
import { bringByRsync } from "./deliver/rsync.ts";
import { Shelves } from "./deliver/shelves.ts";
import { unwired } from "./deliver/unwired.ts";
import { encodingFor } from "./encoding.ts";
import { linkOf } from "./fleet.ts";
import { wasSeenWhole } from "./held.ts";
import type { Told } from "./ledger.ts";
import { stepsOf } from "./planned.ts";
import { type Meter, Progress } from "./progress.ts";

import type { ArtifactSource, RunOptions } from "./types.ts";

/** Bytes from which on a rate says something about the way there, and not only about the host's shell. */
const telling = 100_000;

/** Why a plan's uploads cannot be made by this run, whatever the hosts do. */
export function unwiredUpload({ plan, phases, artifact, shelf, rsync }: RunOptions): Problem | undefined {
  const steps = phases.includes("prepare") ? stepsOf(plan, "upload") : [];
  const uses = (method: string) => steps.some(({ delivery }) => delivery?.method === method);
  if (uses("pull") && shelf === undefined) return unwired("pull");
  if (uses("rsync") && rsync === undefined) return unwired("rsync");
  if (steps.length === 0 || artifact !== undefined) return undefined;
  return problemOf(
    new DeployError("artifact-missing", "The plan uploads a release, and no artifact was given"),
  );
}

/** Brings the release to all hosts of all upload steps at once, at most so many at a time. True: it is whole everywhere. */
export async function upload(context: Context): Promise<boolean> {
  const { plan, options, ledger } = context;
  const { artifact: source } = options;
  const steps = stepsOf(plan, "upload");
  if (steps.length === 0 || source === undefined) return true;
  const hosts = steps.flatMap((step) => step.hosts);
  const slots = new Semaphore(Math.max(...steps.map(({ delivery = usualDelivery }) => delivery.atOnce)));
  const progress = new Progress(hosts.length, options);
  const shelves = new Shelves(options);
  ledger.begin("upload", hosts);
  const watching = progress.watch();
  const turns = steps.flatMap((step) =>
    step.hosts.map((host) => {
      const work = (meter: Meter) => uploadTo(context, { step, host, source, meter, shelves });
      return slots.run(() => progress.run(host, work));
    }),
  );
  try {
    return (await Promise.all(turns)).every(Boolean);
  } finally {
    progress.end();
    await Promise.all([watching, shelves.clear()]);
  }
}

interface Turn extends Pick<Job, "step" | "meter" | "shelves"> {
  readonly host: string;
  readonly source: ArtifactSource;
}

async function uploadTo(context: Context, { host, step, ...turn }: Turn): Promise<boolean> {
  const { ledger, fleet, options } = context;
  if (context.stopped()) {
    ledger.skip(host, "upload", "the run was stopped before its turn");
    return false;
  }
  const { delivery = usualDelivery } = step;
  const facts = options.facts.find((entry) => entry.host === host);
  const encoding = encodingFor(facts, delivery.compression);
  const job: Job = { context, link: linkOf(fleet, host), step, delivery, encoding, ...turn };
  const started = options.clock.now();
  const words = (delivered: Delivered) => wordsOf(job, delivered, options.clock.now() - started);
  const answer = await ledger.book(host, "upload", () => deliver(job), words);
  return answer.status === "ok";
}

/** What goes wrong on this side (a damaged artifact) is this host's failure, too: the others' work is still told. */
async function deliver(job: Job): Promise<Answer<Delivered>> {
  try {
    const there = await alreadyThere(job);
    if (there !== undefined) return there;
    return job.delivery.method === "rsync" ? await bringByRsync(job) : await deliverFrom(job);
  } catch (error) {
    return failed(job.link, problemOf(error));
  }
}

/** A host that was seen to hold the release whole says so itself, and then nothing is sent to it. */
async function alreadyThere(job: Job): Promise<Answer<Delivered> | undefined> {
  const { context, link, source, delivery } = job;
  const { options, plan } = context;
  const facts = options.facts.find(({ host }) => host === link.host.name);
  if (options.dryRun || !wasSeenWhole(facts, plan.release, source.artifact)) return undefined;
  const roster = await source.roster();
  const own = { from: null, source: "staged", encoding: roster.encoding } as const;
  const answer = await askSurely(link, prepare(prepareOptions(job, own)), () => ({
    input: readLate(roster),
  }));
  if (answer.status !== "ok") return undefined;
  const { bytes } = source.artifact;
  return { status: "ok", value: { prepared: answer.value, method: delivery.method, sent: 0, saved: bytes } };
}

/** From what the host serves; where that is not as it was deployed, everything. */
async function deliverFrom(job: Job): Promise<Answer<Delivered>> {
  const { plan, bases } = job.context;
  const release = baseOf(plan, job.link.host.name);
  const manifest = release === null ? undefined : await bases.of(plan, release);
  const carry = job.delivery.method === "pull" ? letFetch : sendParcel;
  if (release === null || manifest === undefined) return carry(job, undefined);
  const base: Base = { release, manifest };
  const answer = await carry(job, base);
  if (answer.status !== "failed" || answer.problem.code !== "base-changed") return answer;
  note(job, `release ${release} is damaged here, sending everything`);
  return carry(job, undefined);
}

function wordsOf({ context }: Job, { prepared, method, sent, saved }: Delivered, took: number): Told {
  if (context.options.dryRun) return { detail: "would be uploaded and verified" };
  const transfer = { method, sent, saved };
  if (prepared.status === "already") return { detail: "was there already", transfer };
  const { files, skipped } = prepared.bridged ?? { files: 0, skipped: 0 };
  const detail = [
    "uploaded and verified",
    `${dataSize(sent)} ${method === "pull" ? "fetched" : "sent"}`,
    ...(saved === 0 ? [] : [`${dataSize(saved)} kept`]),
    ...(sent < telling ? [] : [`${dataSize((sent * 1000) / Math.max(1, took))}/s`]),
    ...(files === 0 ? [] : [`keeps ${count(files, "asset file")} of earlier releases`]),
    ...(skipped === 0 ? [] : [`${skipped} damaged or gone there, left out`]),
  ].join(", ");
  return { detail, transfer };
}
