import type { Role } from "./table.ts";
import { bundled } from "./table.ts";

/** A tool as data, so that it can be sent to a worker and stand in a cache key; loaded only where it is needed. */
export interface Tool {
  readonly name: string;
  readonly version: string;
  readonly from: "project" | "bundled";
  /** The folder whose `node_modules` has it; of the project's tools only. */
  readonly base?: string;
}

export type Toolbox = Readonly<Record<Role, Tool>>;

export function bundledTool(role: Role): Tool {
  return { ...bundled[role], from: "bundled" };
}
