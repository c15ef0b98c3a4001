import type { Config } from "../config/types.ts";
import { makeProblem, type Problem } from "../errors.ts";
import { compareReleases, newestRelease } from "../releases/order.ts";
import type { FleetFacts } from "./fleet.ts";
import { few, quotePath } from "./words.ts";

/** `migrate.after`, where every host of the environment takes part: one that was left out still serves an older release. */
export function afterCommand({ migrate, without }: Config): string | undefined {
  return without === undefined ? migrate?.after : undefined;
}

/** It did not end well yet for this release, which all hosts serve. */
export function isAfterLeft({ config, reached }: FleetFacts, release: string): boolean {
  const jobs = reached.find(({ host }) => host === config.leader)?.jobs ?? [];
  const done = jobs.some(
    ({ id, state, code }) => id === `after-${release}` && state === "done" && code === 0,
  );
  return afterCommand(config) !== undefined && !done;
}

/** The oldest release that the data still fits; undefined: nothing was taken away from older ones. Any host may have been the leader. */
export function floorOf({ reached }: Pick<FleetFacts, "reached">): string | undefined {
  return newestRelease(reached.flatMap(({ floor }) => floor ?? []));
}

export function isBelow(fleet: Pick<FleetFacts, "reached">, release: string): boolean {
  const floor = floorOf(fleet);
  return floor !== undefined && compareReleases(release, floor) < 0;
}

/** Why a rollback does not go there, and what does. */
export function belowFloor(fleet: FleetFacts, release: string, possible: readonly string[]): Problem {
  const { config } = fleet;
  const floor = floorOf(fleet) ?? "";
  const message = `${release} is older than ${floor}: \`migrate.after\` of that one took from the database what older releases need`;
  const way = possible.length === 0 ? "" : ` Possible: ${few(possible, 10)}.`;
  const file = quotePath(`${config.deployTo}/.deploy/floor`);
  const hint = `Deploy a commit that works with the database as it is now.${way} Only where a backup from before it was restored: remove the floor on ${config.leader}, rm ${file}`;
  return makeProblem("rollback-floor", message, { hint });
}

export function warnAfter({ config }: FleetFacts): readonly string[] {
  if (config.migrate?.after === undefined || config.without === undefined) return [];
  return [
    "`migrate.after` is not run: hosts that are left out may serve an older release; the next deploy of all hosts runs it",
  ];
}
