import { all } from "./all.ts";
import type { Strategy } from "./strategy.ts";

export const defaultStrategy = "all";

/** Asked for, and not there yet. */
export const plannedStrategies = ["rolling", "canary"];

/** By the name that `activate.strategy` gives them. */
export const strategies = { all } as const satisfies Readonly<Record<string, Strategy>>;
