import type { Method } from "@deploy/core";
import { receive } from "@deploy/remote";
import { type Answer, askSurely } from "../hosts/ask.ts";
import { note } from "../hosts/fan.ts";
import { wasSeenWhole } from "../hosts/held.ts";
import { factsOf } from "../hosts/planned.ts";
import { readLate, sendParcel } from "./artifact.ts";
import { baseOf } from "./bases.ts";
import { type Base, type Deliver, type Delivered, type Job, receiveOptions } from "./delivery.ts";
import { fetchFromGit } from "./git.ts";
import { letFetch } from "./pull.ts";
import { bringByRsync } from "./rsync.ts";

/** How a release comes to a host; every way ends in the host's own proof of the whole tree. */
export const methods: Readonly<Record<Method, Deliver>> = {
  artifact: (job) => withBase(job, sendParcel),
  pull: (job) => withBase(job, letFetch),
  rsync: bringByRsync,
  git: fetchFromGit,
};

/** A host that was seen to hold the release whole says so itself, and then nothing is sent to it. */
export async function alreadyThere(job: Job): Promise<Answer<Delivered> | undefined> {
  const { context, link, source, delivery } = job;
  const { plan, control } = context;
  const facts = factsOf(context.facts, link.host.name);
  if (control.dryRun || !wasSeenWhole(facts, plan.release, source.artifact)) return undefined;
  const roster = await source.roster();
  const own = { from: null, source: "staged", encoding: roster.encoding } as const;
  const answer = await askSurely(link, receive(receiveOptions(job, own)), () => ({
    input: readLate(roster),
  }));
  if (answer.status !== "ok") return undefined;
  const { bytes } = source.artifact;
  return { status: "ok", value: { received: answer.value, method: delivery.method, sent: 0, saved: bytes } };
}

/** From what the host serves; where that is not as it was deployed, everything. */
async function withBase(
  job: Job,
  carry: (job: Job, base: Base | undefined) => Promise<Answer<Delivered>>,
): Promise<Answer<Delivered>> {
  const { plan, bases } = job.context;
  const release = baseOf(plan, job.link.host.name);
  const manifest = release === null ? undefined : await bases.of(plan, release);
  if (release === null || manifest === undefined) return carry(job, undefined);
  const answer = await carry(job, { release, manifest });
  if (answer.status !== "failed" || answer.problem.code !== "base-changed") return answer;
  note(job.context, job.link, `release ${release} is damaged here, sending everything`);
  return carry(job, undefined);
}
