export * from "./command.ts";
export * from "./types.ts";
