import { all } from "./all.ts";
import { rolling } from "./rolling.ts";
import type { Strategy } from "./strategy.ts";

export const defaultStrategy = "all";

/** Asked for, and not there yet. */
export const plannedStrategies = ["canary"];

type Name = "all" | "rolling";

/** By the name that `activate.strategy` gives them. */
export const strategies: Readonly<Record<Name, Strategy>> = { all, rolling };
