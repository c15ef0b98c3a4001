// Apart from the rest of core: only who keeps or reads records loads it.
export * from "./entry.ts";
export * from "./keys.ts";
export * from "./past.ts";
export * from "./pastText.ts";
export * from "./retention.ts";
export type * from "./types.ts";
export * from "./verify.ts";
