import type { Config, Pool } from "../config/types.ts";
import { makeProblem, type Problem } from "../errors.ts";
import type { ReachedHost } from "../facts.ts";
import { strategies } from "../strategies/strategies.ts";
import { type FleetFacts, hostsWith } from "./fleet.ts";
import type { Stage } from "./types.ts";
import { few, list } from "./words.ts";

/** The pool that hosts leave in turn; undefined where all of them switch together. */
export function poolOf({ activate }: Config): Pool | undefined {
  return strategies[activate.strategy].maxUnavailable === undefined ? undefined : activate.pool;
}

/** Who is behind the balancers, in the config's order. */
export function membersOf(config: Config): readonly string[] {
  const pool = poolOf(config);
  return pool === undefined ? [] : hostsWith(config, pool.roles);
}

/** Somebody must go on serving, in each wave. */
export function checkPool(fleet: FleetFacts, stages: readonly Stage[]): readonly Problem[] {
  const { config } = fleet;
  const members = membersOf(config);
  if (poolOf(config) === undefined) return [];
  if (members.length > 1) return checkAway(fleet, members, stages);
  return [
    makeProblem(
      "pool-short",
      `only ${members[0] ?? "nobody"} is in the pool: nobody would be left to serve`,
      {
        hint: "Use `activate.strategy: all` here, or add a host.",
      },
    ),
  ];
}

/**
 * The first wave that could not leave, since others are away by nothing of ours. Who is not healthy may be by then, where its own wave
 * comes before; who could not be read is read again then.
 */
function checkAway({ config, reached }: FleetFacts, members: readonly string[], stages: readonly Stage[]) {
  const most = strategies[config.activate.strategy].maxUnavailable?.(config) ?? members.length;
  const least = Math.max(1, members.length - most);
  const waves = stages
    .filter(({ kind }) => kind === "wave")
    .map(({ steps }) => steps.flatMap(({ hosts }) => hosts));
  for (const [index, wave] of waves.entries()) {
    const before = waves.slice(0, index).flat();
    const leaving = members.filter((host) => wave.includes(host));
    const others = reached.flatMap(({ host, standing, drained }) => {
      const mended = standing === "down" && before.includes(host);
      const away = isAway(standing) && drained === undefined && !mended;
      return away && !wave.includes(host) && standing !== undefined ? [{ host, is: standing }] : [];
    });
    const left = members.length - leaving.length - others.length;
    const leaves = reached.some(({ host, standing }) => leaving.includes(host) && !isAway(standing));
    if (leaves && others.length > 0 && left < least) {
      return [poolShort({ leaving, left, members: members.length, least, others })];
    }
  }
  return [];
}

const isAway = (standing: ReachedHost["standing"]) =>
  standing !== undefined && standing !== "in" && standing !== "unread";

export function poolShort({
  leaving,
  left,
  members,
  least,
  others,
}: {
  readonly leaving: readonly string[];
  readonly left: number;
  readonly members: number;
  readonly least: number;
  readonly others: readonly { readonly host: string; readonly is: string }[];
}): Problem {
  const away = list(others.map(({ host, is }) => `${host} (${is})`));
  const message = `without ${list(leaving)} only ${left} of ${members} would serve, and ${least} must`;
  return makeProblem("pool-short", others.length === 0 ? message : `${message}: not in the pool are ${away}`);
}

/** Who is away by nothing of ours, and of whom nobody could tell. */
export function warnAway({ reached }: FleetFacts): readonly string[] {
  const away = reached.filter(({ standing, drained }) => isAway(standing) && drained === undefined);
  const unread = reached.filter(({ standing }) => standing === "unread").map(({ host }) => host);
  return [
    ...away.map(
      ({ host, standing }) =>
        `${host} is ${standing} in the pool, by nothing of ours: it counts as away, and is not returned`,
    ),
    ...(unread.length === 0
      ? []
      : [
          `where ${few(unread)} stands in the pool could not be read: it is read again before anybody leaves`,
        ]),
  ];
}

/** Hosts that a run of ours took out, and that nobody took in again. */
export function warnDrained({ reached }: FleetFacts): readonly string[] {
  return reached.flatMap(({ host, drained }) => (drained === undefined ? [] : [drainedWords(host, drained)]));
}

export function drainedWords(host: string, { by, since, why }: NonNullable<ReachedHost["drained"]>): string {
  const stays = why === undefined ? "" : `, and did not return by itself (${why})`;
  return `${host} was taken out of the pool by ${by} at ${since}${stays}: a deploy or a reconcile returns it once it is healthy`;
}
