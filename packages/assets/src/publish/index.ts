export { type Examined, examinePublish } from "./examine.ts";
export type { PublishOptions } from "./options.ts";
export { type PublishPlan, planPublish } from "./plan.ts";
export { publishAssets, rehearsePublish } from "./publish.ts";
export { type PurgeHookOptions, purgeHook } from "./purgeHook.ts";
export type { ReleaseRecord } from "./record.ts";
export { readRecords, type StoredRecord } from "./records.ts";
