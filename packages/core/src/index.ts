export * from "./config/types.ts";
export * from "./errors.ts";
export * from "./facts.ts";
export * from "./outcomes.ts";
export * from "./plan/types.ts";
export * from "./report/types.ts";
export * from "./secret.ts";
