import {
  endJob,
  type Fleet,
  freezeFleet,
  listJobs,
  settleJob,
  unfreezeFleet,
  unlockFleet,
} from "@deploy/engine";
import { removeEnvironment } from "./remove.ts";
import type { Repair, Session, SessionOptions } from "./types.ts";

/** The repairs of one open fleet, asked for by this session's owner. */
export function repairOf(
  fleet: Fleet,
  { config, facts }: Pick<Session, "config" | "facts">,
  options: Pick<SessionOptions, "owner" | "dryRun" | "events" | "signal">,
): Repair {
  const { owner, dryRun } = options;
  const { deployTo: base } = config;
  return {
    unlock: () => unlockFleet(fleet, { base, owner, dryRun }),
    freeze: (reason) => freezeFleet(fleet, { base, owner, reason }),
    unfreeze: () => unfreezeFleet(fleet, { base }),
    listJobs: () => listJobs(fleet, base),
    settleJob: (job, as) => settleJob(fleet, { base, owner, job, as }),
    endJob: (job, grace) => endJob(fleet, { base, owner, job, grace: Math.ceil(grace / 1000) }),
    remove: () => removeEnvironment(fleet, { config, facts }, options),
  };
}
