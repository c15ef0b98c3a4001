import { all } from "./all.ts";
import { canary } from "./canary.ts";
import { rolling } from "./rolling.ts";
import type { Strategy } from "./strategy.ts";

export const defaultStrategy = "all";

type Name = "all" | "rolling" | "canary";

/** By the name that `activate.strategy` gives them. */
export const strategies: Readonly<Record<Name, Strategy>> = { all, rolling, canary };
