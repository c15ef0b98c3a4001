import { DeployErrors, makeProblem, type Problem } from "@deploy/core";
import {
  type Fence,
  type JobStatus,
  jobList,
  lockAdopt,
  lockFreeze,
  lockRelease,
  lockUnfreeze,
} from "@deploy/remote";
import { askSurely } from "../hosts/ask.ts";
import type { Fleet } from "../hosts/fleet.ts";
import { askLeader, nextToken, othersOf, type RepairOptions } from "./leader.ts";

export interface Unlocked {
  /** False: there was nothing to free or to mend, or it was only looked at. */
  readonly released: boolean;
  /** Hosts that could not be told: they refuse the old holder only once the next run has reached them. */
  readonly unfenced: readonly string[];
}

/**
 * Frees the leader's lock whoever holds it, and fences that one on every host: its next step is refused. A record of
 * tokens that is damaged is written anew. Throws `job-running` while a job lives, since its run is then not over.
 * `dryRun`: only looks.
 */
export async function unlockFleet(
  fleet: Fleet,
  { base, owner, dryRun }: RepairOptions & { readonly dryRun: boolean },
): Promise<Unlocked> {
  const { jobs } = await askLeader(fleet, jobList(base));
  const running = jobs.filter(({ state }) => state === "running");
  if (running.length > 0) throw new DeployErrors(running.map((job) => stillRuns(job, fleet.leader)));
  if (dryRun) return { released: false, unfenced: [] };
  const { token, damaged } = await nextToken(fleet, base);
  const force = { token, mend: damaged.includes(fleet.leader) };
  const freed = await askLeader(fleet, lockRelease({ base, owner: owner.id, force }));
  const released = freed.released || damaged.length > 0;
  const fence = { base, token, owner: owner.id };
  return { released, unfenced: released ? await fenceOthers(fleet, fence, damaged) : [] };
}

/** The names of the hosts that could not be told. */
async function fenceOthers(
  fleet: Fleet,
  fence: Fence,
  damaged: readonly string[],
): Promise<readonly string[]> {
  const told = await Promise.all(
    othersOf(fleet).map(async (link) => {
      const answer =
        link.problem ?? (await askSurely(link, lockAdopt(fence, damaged.includes(link.host.name))));
      // A host without our folder holds nothing that could be changed.
      const done =
        "status" in answer && (answer.status === "ok" || answer.problem.code === "deploy-to-missing");
      return done ? [] : [link.host.name];
    }),
  );
  return told.flat();
}

/** Nobody new gets the lock from now on; `was`: there was a freeze, its reason is replaced. */
export function freezeFleet(
  fleet: Fleet,
  { base, owner, reason }: RepairOptions & { readonly reason: string },
): Promise<{ readonly was: boolean }> {
  return askLeader(fleet, lockFreeze({ base, owner: owner.id, reason }));
}

/** Ends a freeze; `was` false: there was none. */
export function unfreezeFleet(
  fleet: Fleet,
  { base }: Pick<RepairOptions, "base">,
): Promise<{ readonly was: boolean }> {
  return askLeader(fleet, lockUnfreeze({ base }));
}

function stillRuns({ id, pid, release, step }: JobStatus, host: string): Problem {
  const process = pid === undefined ? "its process not known" : `process ${pid}`;
  const hint =
    "Wait until it ends: `deploy status` shows it. If it must not go on, end its process on that host first.";
  return makeProblem("job-running", `job ${id} (${step} of release ${release}, ${process}) still runs`, {
    hint,
    place: { host, job: id },
  });
}
