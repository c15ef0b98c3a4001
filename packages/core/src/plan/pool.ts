import type { Config, Pool } from "../config/types.ts";
import { makeProblem, type Problem } from "../errors.ts";
import { strategies } from "../strategies/strategies.ts";
import { type FleetFacts, hostsWith } from "./fleet.ts";

/** The pool that hosts leave in turn; undefined where all of them switch together. */
export function poolOf({ activate }: Config): Pool | undefined {
  return strategies[activate.strategy].maxUnavailable === undefined ? undefined : activate.pool;
}

/** Who is behind the balancers, in the config's order. */
export function membersOf(config: Config): readonly string[] {
  const pool = poolOf(config);
  return pool === undefined ? [] : hostsWith(config, pool.roles);
}

/** Somebody must go on serving. */
export function checkPool({ config }: FleetFacts): readonly Problem[] {
  if (poolOf(config) === undefined || membersOf(config).length > 1) return [];
  return [
    makeProblem(
      "pool-short",
      `only ${membersOf(config)[0] ?? "nobody"} is in the pool: nobody would be left to serve`,
      {
        hint: "Use `activate.strategy: all` here, or add a host.",
      },
    ),
  ];
}

/** Hosts that a run of ours took out, and that nobody took in again. */
export function warnDrained({ reached }: FleetFacts): readonly string[] {
  return reached.flatMap(({ host, drained }) => (drained === undefined ? [] : [drainedWords(host, drained)]));
}

export function drainedWords(
  host: string,
  { by, since }: { readonly by: string; readonly since: string },
): string {
  return `${host} was taken out of the pool by ${by} at ${since}, and was not returned: a deploy or a reconcile returns it once it is healthy`;
}
