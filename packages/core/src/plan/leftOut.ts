import type { Config } from "../config/types.ts";
import { liveRelease } from "../releases/live.ts";
import type { FleetFacts } from "./fleet.ts";
import { fleetRelease, holderOf } from "./reconcile.ts";
import type { Plan } from "./types.ts";
import { list } from "./words.ts";

/** What a plan without some hosts means for them; they are not asked, so nothing else is known. */
export function warnWithout({
  without = [],
  migrate,
}: Pick<Config, "without" | "migrate">): readonly string[] {
  if (without.length === 0) return [];
  const data = migrate === undefined ? "" : ", with the database as the others need it";
  return [
    `left out by name: ${list(without)}; what is live there stays${data}, and is behind until deploy reconcile brings it along`,
  ];
}

/** `, without web3`; empty where nobody is left out. */
export function withoutWords({ without = [] }: Pick<Plan, "without">): string {
  return without.length === 0 ? "" : `, without ${list(without)}`;
}

export interface Behind {
  readonly host: string;
  /** What the fleet is on. */
  readonly release: string;
  /** null: nothing; undefined: it could not be read. */
  readonly live: string | null | undefined;
}

/** Hosts that were left out when what the fleet is on was made, and do not serve it yet. */
export function findBehind(fleet: FleetFacts): readonly Behind[] {
  const release = fleetRelease(fleet);
  if (release === undefined) return [];
  const { without = [] } = holderOf(fleet, release) ?? {};
  const known = fleet.config.hosts.filter(({ name }) => without.includes(name));
  return known.flatMap(({ name: host }) => {
    const facts = fleet.reached.find((reached) => reached.host === host);
    const live = facts === undefined ? undefined : liveRelease(facts);
    return live === release ? [] : [{ host, release, live }];
  });
}

export function behindWords({ host, release, live }: Behind): string {
  const now = live === undefined ? "could not be read" : `serves ${live ?? "nothing"}`;
  return `${host} was left out when ${release} was deployed, and is behind: it ${now}`;
}
