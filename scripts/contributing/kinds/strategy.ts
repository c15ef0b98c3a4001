import { strategies } from "../../../packages/core/src/strategies/strategies.ts";
import type { Extension } from "../extension.ts";

export const strategy: Extension = {
  mark: "strategy",
  names: Object.keys(strategies),
  limit: 2,
  places: [
    { path: "packages/core/src/strategies/<name>.ts", what: "the waves into which it divides the hosts" },
    { path: "packages/core/src/strategies/strategies.ts", what: "its line" },
  ],
  plain: [],
  speaks: (name) => [new RegExp(`[sS]trateg[^\\n]*["\`]${name}["\`]`)],
  others: {},
};
