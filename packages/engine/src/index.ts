export { type Fleet, type FleetOptions, openFleet } from "./fleet.ts";
export { releaseLock } from "./lock.ts";
export { probeFleet } from "./probe.ts";
export {
  endJob,
  freezeFleet,
  type HostJobs,
  leaderOf,
  listJobs,
  type RepairOptions,
  settleJob,
  type Unlocked,
  underLock,
  unfreezeFleet,
  unlockFleet,
} from "./repair.ts";
export { runPlan } from "./run.ts";
export * from "./types.ts";
