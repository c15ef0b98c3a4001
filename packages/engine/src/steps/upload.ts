import {
  type ArtifactSource,
  count,
  dataSize,
  problemOf,
  Semaphore,
  type StepOf,
  uploadMethods,
} from "@deploy/core";
import type { Context } from "../context.ts";
import { type Delivered, type Job, usualDelivery } from "../deliver/delivery.ts";
import { encodingFor } from "../deliver/encoding.ts";
import { alreadyThere, methods } from "../deliver/methods.ts";
import { type Meter, Progress } from "../deliver/progress.ts";
import { Shelves } from "../deliver/shelves.ts";
import { type Answer, failed } from "../hosts/ask.ts";
import { linkOf } from "../hosts/fleet.ts";
import { factsOf } from "../hosts/planned.ts";
import type { Told } from "../ledger.ts";

import type { Runner } from "./runner.ts";

type Upload = StepOf<"upload">;

export const runner: Runner<"upload"> = { run: (context, ...steps) => uploadAll(context, steps) };

/** Bytes from which on a rate says something about the way there, and not only about the host's shell. */
const telling = 100_000;

/** Brings the release to all hosts of all these steps at once, at most so many at a time. True: it is whole everywhere. */
async function uploadAll(context: Context, steps: readonly Upload[]): Promise<boolean> {
  const { control, ledger, means } = context;
  const { artifact: source } = means;
  const [first] = steps;
  if (first === undefined || source === undefined) throw new Error("an upload without its means");
  const hosts = steps.flatMap((step) => step.hosts);
  const slots = new Semaphore(Math.max(...steps.map(({ delivery = usualDelivery }) => delivery.atOnce)));
  const progress = new Progress(hosts.length, control);
  const shelves = new Shelves(control, means);
  ledger.begin(first, hosts);
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
  const { ledger, fleet, facts, control } = context;
  if (context.stopped()) {
    ledger.skip(host, step, "the run was stopped before its turn");
    return false;
  }
  const { delivery = usualDelivery } = step;
  const encoding = encodingFor(factsOf(facts, host), delivery.compression);
  const job: Job = { context, link: linkOf(fleet, host), step, delivery, encoding, ...turn };
  const started = control.clock.now();
  const words = (delivered: Delivered) => wordsOf(job, delivered, control.clock.now() - started);
  const answer = await ledger.book(host, step, () => deliver(job), words);
  return answer.status === "ok";
}

/** What goes wrong on this side (a damaged artifact) is this host's failure, too: the others' work is still told. */
async function deliver(job: Job): Promise<Answer<Delivered>> {
  try {
    return (await alreadyThere(job)) ?? (await methods[job.delivery.method](job));
  } catch (error) {
    return failed(job.link, problemOf(error));
  }
}

function wordsOf({ context }: Job, { received, method, sent, saved }: Delivered, took: number): Told {
  if (context.control.dryRun) return { detail: "would be uploaded and verified" };
  const transfer = { method, sent, saved };
  if (received.status === "already") return { detail: "was there already", transfer };
  const { files, skipped } = received.bridged ?? { files: 0, skipped: 0 };
  const detail = [
    "uploaded and verified",
    `${dataSize(sent)} ${uploadMethods[method].done}`,
    ...(saved === 0 ? [] : [`${dataSize(saved)} kept`]),
    ...(sent < telling ? [] : [`${dataSize((sent * 1000) / Math.max(1, took))}/s`]),
    ...(files === 0 ? [] : [`keeps ${count(files, "asset file")} of earlier releases`]),
    ...(skipped === 0 ? [] : [`${skipped} damaged or gone there, left out`]),
  ].join(", ");
  return { detail, transfer };
}
