import { stepKinds } from "@deploy/core";
import type { Extension } from "../extension.ts";

export const step: Extension = {
  mark: "step kind",
  names: Object.keys(stepKinds),
  limit: 3,
  places: [
    {
      path: "packages/core/src/steps/<name>.ts",
      what: "all that pure code knows of it: its data, stage and effect, when a plan has it, its words",
    },
    { path: "packages/core/src/steps/kinds.ts", what: "its line, where it stands in a plan" },
    {
      path: "packages/engine/src/steps/<name>.ts",
      what: "its runner: `run`, and `undo` where its effect is `live`; without one it does not compile",
    },
  ],
  plain: ["reload"],
  speaks: (name) => [
    new RegExp(`\\b(StepOf|Runner|StepKind)<"${name}">`),
    new RegExp(`\\bstepsNamed\\([^)]*"${name}"`),
    new RegExp(`\\bstep\\b\\??\\s*(:|={1,3}|!==)\\s*"${name}"`),
  ],
  others: {
    "README.md": "shows a config with `reload`, the key",
    "packages/core/src/config/activate/activate.ts": "the key `reload`",
    "packages/core/src/config/starter.ts": "the key `reload`",
    "packages/core/src/plan/jobs.ts": "a job that does not say its step is a migration",
    "packages/engine/src/jobs/follow.ts": "the migration is the one job that is followed",
    "actions/migrate/src/main.ts": "its own step",
    "packages/engine/src/pools/leases.ts": "its proof is the one by which a host returns without a run",
    "packages/engine/src/deliver/bases.ts": "how an upload step's bytes come",
    "packages/engine/src/deliver/delivery.ts": "the same, and who marks a release ready",
  },
};
