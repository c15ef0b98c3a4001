import { describeOwner, duration, type Facts, makeProblem, type Plan, type Problem } from "@deploy/core";
import type { Fleet } from "../hosts/fleet.ts";
import { probeFleet } from "../hosts/probe.ts";

/**
 * What another run holds on a host that is not the leader, but was when that run began: its lock while it lasts, or a job
 * that runs. Undefined: nothing.
 */
export function busyOther(facts: readonly Facts[], leader: string, own: string): Problem | undefined {
  return facts
    .flatMap((host) => (host.reached && host.host !== leader ? [busyOn(host, own)] : []))
    .find((problem) => problem !== undefined);
}

function busyOn(
  { host, lock: { owner, expiresIn }, jobs = [] }: Extract<Facts, { reached: true }>,
  own: string,
): Problem | undefined {
  const running = jobs.find(({ state }) => state === "running");
  if (running !== undefined) {
    const message = `job ${running.id} runs on ${host}, which is not the leader now and was when it began`;
    const hint = "Wait until it ends: `deploy status` shows it. Name a new leader only between two deploys.";
    return makeProblem("job-running", message, { hint, place: { host, job: running.id } });
  }
  if (owner === undefined || owner.id === own || expiresIn <= 0) return undefined;
  const message = `${describeOwner(owner)} holds the lock of ${host}, which is not the leader now and was when it began`;
  const hint = `Wait until it ends; if it is dead, its lease ends in ${duration(expiresIn * 1000)}.`;
  return makeProblem("locked", message, { hint, place: { host } });
}

/** Asks anew whenever it is asked again, and only hosts that were busy. */
export function othersOf(
  fleet: Fleet,
  { deployTo: base }: Pick<Plan, "deployTo">,
  facts: readonly Facts[],
  own: string,
): () => Promise<Problem | undefined> {
  let known: readonly Facts[] | undefined;
  return async () => {
    const busy = (known ?? facts).filter((host) => busyOther([host], fleet.leader, own) !== undefined);
    const links = new Map([...fleet.links].filter(([name]) => busy.some(({ host }) => host === name)));
    if (known === undefined) known = busy;
    else known = await probeFleet({ ...fleet, links }, { base, sharedFiles: [], journal: 0 });
    return busyOther(known, fleet.leader, own);
  };
}
