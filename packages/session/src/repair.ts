import {
  endJob,
  type Fleet,
  freezeFleet,
  listJobs,
  settleJob,
  unfreezeFleet,
  unlockFleet,
} from "@deploy/engine";
import type { Repair, SessionOptions } from "./types.ts";

/** The repairs of one open fleet, asked for by this session's owner. */
export function repairOf(
  fleet: Fleet,
  base: string,
  { owner, dryRun }: Pick<SessionOptions, "owner" | "dryRun">,
): Repair {
  return {
    unlock: () => unlockFleet(fleet, { base, owner, dryRun }),
    freeze: (reason) => freezeFleet(fleet, { base, owner, reason }),
    unfreeze: () => unfreezeFleet(fleet, { base }),
    listJobs: () => listJobs(fleet, base),
    settleJob: (job, as) => settleJob(fleet, { base, owner, job, as }),
    endJob: (job, grace) => endJob(fleet, { base, owner, job, grace: Math.ceil(grace / 1000) }),
  };
}
