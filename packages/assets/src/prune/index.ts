export { planPrune } from "./plan.ts";
export { examinePrune, type PruneOptions, pruneAssets } from "./prune.ts";
export type { PrunePlan, PruneResult, ReleaseVerdict, Verdict } from "./types.ts";
