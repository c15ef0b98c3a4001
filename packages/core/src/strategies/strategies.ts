import { all } from "./all.ts";
import type { Strategy } from "./strategy.ts";

/** By the name that `activate.strategy` gives them. */
export const strategies = { all } as const satisfies Readonly<Record<string, Strategy>>;
