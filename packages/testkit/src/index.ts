export * from "./needs.ts";
export { listMissingParts, type Part, pathOfPart } from "./parts.ts";
export * from "./servers.ts";
export * from "./tree.ts";
