export { type Fleet, type FleetOptions, openFleet } from "./hosts/fleet.ts";
export { probeFleet } from "./hosts/probe.ts";
export { releaseLock } from "./lock/lock.ts";
export * from "./means.ts";
export { endJob, type HostJobs, listJobs, settleJob } from "./repair/jobs.ts";
export { leaderOf, type RepairOptions, underLock } from "./repair/leader.ts";
export { freezeFleet, type Unlocked, unfreezeFleet, unlockFleet } from "./repair/unlock.ts";
export { runPlan } from "./run.ts";
export * from "./types.ts";
