import { duration } from "../amounts.ts";
import type { Pool } from "../config/types.ts";
import { makeProblem, type Problem } from "../errors.ts";
import { poolDelay } from "../steps/poolWords.ts";
import { namedIn } from "../strategies/canary.ts";
import { strategies } from "../strategies/strategies.ts";
import type { FleetFacts } from "./fleet.ts";
import { poolOf } from "./pool.ts";
import type { PlanRequest } from "./request.ts";

/** Whom a release is tried out on first must be there. */
export function checkWaves({ config }: FleetFacts): readonly Problem[] {
  if (strategies[config.activate.strategy].looks !== true || namedIn(config)?.length !== 0) return [];
  return [makeProblem("canary-missing", "every host that `canary.hosts` names is left out")];
}

/** What it means that two releases serve beside each other, from the first wave to the last. */
export function warnWaves({ config }: FleetFacts, kind: PlanRequest["kind"]): readonly string[] {
  const { migrate, activate, hosts } = config;
  const size = strategies[activate.strategy].maxUnavailable?.(config) ?? hosts.length;
  if (size >= hosts.length) return [];
  return [
    ...(kind !== "deploy" || migrate === undefined || migrate.compatible === true
      ? []
      : [
          "the migration runs before the first wave, and until the last one hosts serve the release before with the migrated database: " +
            "where somebody made sure that it works with it, say so with `migrate.compatible: true`",
        ]),
    ...(activate.health === undefined
      ? ["there is no `activate.health`: nothing proves a wave before the next one begins"]
      : []),
    ...warnDelay(poolOf(config)),
  ];
}

/** AWS's own default is five minutes for each wave, and few applications have requests of that length. */
function warnDelay(pool: Pool | undefined): readonly string[] {
  const delay = pool === undefined ? 0 : poolDelay(pool);
  if (delay <= 60_000) return [];
  return [
    `each wave waits for ${duration(delay)} of deregistration delay: set it on the target groups to what the longest request takes, and say so with \`pool.deregistration-delay\``,
  ];
}
