import { makeProblem, problemOf } from "@deploy/core";
import { receive } from "@deploy/remote";
import { type Answer, ask, failed } from "../hosts/ask.ts";
import type { Link } from "../hosts/fleet.ts";
import type { RsyncCarrier } from "../means.ts";
import { readLate } from "./artifact.ts";
import { baseOf } from "./bases.ts";
import { type Delivered, type Job, receiveOptions } from "./delivery.ts";

/**
 * rsync brings the tree into the host's staging folder, and prepare makes the release of it, verified as every other. The two are
 * repeated together: a prepare whose answer was lost may have taken what was staged.
 */
export async function bringByRsync(job: Job): Promise<Answer<Delivered>> {
  const first = await bringOnce(job);
  if (first.status !== "unknown" || job.context.control.signal.aborted) return first;
  return (await job.link.reconnect()) ? bringOnce(job) : first;
}

async function bringOnce(job: Job): Promise<Answer<Delivered>> {
  const { context, link, source, meter } = job;
  const carried = await carry(job);
  if (carried.status !== "ok") return carried;
  const roster = await source.roster();
  const own = { from: null, source: "staged", encoding: roster.encoding } as const;
  const answer = await ask(link, receive(receiveOptions(job, own)), () => ({
    input: readLate(roster),
    signal: context.control.signal,
  }));
  if (answer.status !== "ok") return answer;
  const { saved, sent } = carried.value;
  const value = { received: answer.value, method: "rsync", sent: Math.max(meter.sent, sent), saved } as const;
  return { status: "ok", value };
}

async function carry(job: Job): Promise<Answer<Awaited<ReturnType<RsyncCarrier>>>> {
  const { context, link, delivery, meter } = job;
  const { plan, means, control } = context;
  const { rsync } = means;
  const { signal } = control;
  const { transport } = link;
  if (rsync === undefined) throw new Error("rsync without its means");
  if (transport === undefined) return unreached(link);
  meter.expect(undefined);
  try {
    const fence = context.fence();
    const from = baseOf(plan, link.host.name);
    const onBytes = (sent: number) => meter.reach(sent);
    const asked = {
      transport,
      fence,
      release: plan.release,
      from,
      unchanged: delivery.unchanged,
      signal,
      onBytes,
    };
    return { status: "ok", value: await rsync(asked) };
  } catch (error) {
    const answer = failed(link, problemOf(error));
    return answer.problem.code === "connection-lost" ? { ...answer, status: "unknown" } : answer;
  }
}

function unreached({ host, problem }: Link): Answer<never> {
  const lost = makeProblem("connection-lost", `there is no connection to ${host.name}`, {
    place: { host: host.name },
  });
  return { status: "unknown", problem: problem ?? lost };
}
