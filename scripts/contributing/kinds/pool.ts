import { poolKinds } from "@deploy/core";
import type { Extension } from "../extension.ts";

const keys = "what the keys of AWS are for";

export const pool: Extension = {
  mark: "pool",
  names: poolKinds,
  limit: 5,
  places: [
    { path: "packages/core/src/config/activate/poolKeys.ts", what: "its name" },
    { path: "packages/core/src/config/activate/pool.ts", what: "its keys" },
    { path: "packages/core/src/steps/poolWords.ts", what: "its words; without them it does not compile" },
    { path: "packages/engine/src/pools/<name>.ts", what: "its driver: read, drain, settle, return" },
    { path: "packages/engine/src/pools/drivers.ts", what: "its line; without one it does not compile" },
  ],
  files: { "target-group": ["targetGroup"] },
  plain: ["haproxy", "target-group"],
  speaks: (name) => [new RegExp(`\\b(At|PoolOf|PoolDriver)<"${name}">`)],
  others: {
    "packages/core/src/configure/balancers.ts": "a file of its own, on the balancer",
    "packages/core/src/configure/kinds.ts": "the same",
    "actions/activate/src/inputs.ts": keys,
    "actions/reconcile/src/inputs.ts": keys,
    "actions/rollback/src/inputs.ts": keys,
    "packages/core/src/config/activate/canary.ts": "only there failures are counted",
    "packages/core/src/steps/soak.ts": "the same",
    "packages/core/src/config/activate/targetGroup.ts": "its keys, which fill a file",
    "packages/engine/src/means.ts": "the means that it alone needs",
  },
};
