export { type Fleet, type FleetOptions, openFleet } from "./fleet.ts";
export { releaseLock } from "./lock.ts";
export { probeFleet } from "./probe.ts";
export { runPlan } from "./run.ts";
export * from "./types.ts";
