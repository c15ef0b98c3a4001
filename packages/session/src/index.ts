export { loadConfig, readConfigText } from "./config.ts";
export { type PackRequest, packRelease } from "./pack.ts";
export { preparedRequest } from "./prepared.ts";
export { openSession } from "./session.ts";
export * from "./types.ts";
