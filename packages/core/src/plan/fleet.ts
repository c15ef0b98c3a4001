import type { Config, Host } from "../config/types.ts";
import { makeProblem, type Problem, toldInAction } from "../errors.ts";
import type { Facts, LostHost, ReachedHost } from "../facts.ts";
import { quote } from "./words.ts";

/** Config and Facts joined: every configured host, in the config's order, reached or lost. */
export interface FleetFacts {
  readonly config: Config;
  readonly reached: readonly ReachedHost[];
  readonly lost: readonly LostHost[];
}

export function readFleet(config: Config, facts: readonly Facts[]): FleetFacts {
  const all = config.hosts.map((host) => factsOf(host, facts));
  return {
    config,
    reached: all.filter((entry) => entry.reached),
    lost: all.filter((entry) => !entry.reached),
  };
}

/** Names of the hosts that have one of the roles: a host without roles has them all, no roles means everywhere. */
export function hostsWith(config: Config, roles: readonly string[]): readonly string[] {
  return config.hosts
    .filter(
      (host) => roles.length === 0 || host.roles.length === 0 || host.roles.some((r) => roles.includes(r)),
    )
    .map(({ name }) => name);
}

export function lostProblems({ config, lost }: FleetFacts): readonly Problem[] {
  return lost.map(({ host, problem }) => {
    const place = { ...problem.place, host };
    if (host === config.leader) return { ...problem, place };
    const hint = `${problem.hint} Or leave it out: --without ${quote(host)}.`;
    const inAction = `${toldInAction(problem).hint} Or leave it out: \`without: ${host}\`.`;
    return { ...problem, hint, inAction, place };
  });
}

function factsOf(host: Host, facts: readonly Facts[]): Facts {
  const found = facts.find((entry) => entry.host === host.name);
  if (found !== undefined) return found;
  const problem = makeProblem("host-not-probed", `nothing was read from ${host.name}`, {
    hint: "A plan needs every host of the environment: probe them all, then plan again.",
    place: { host: host.name },
  });
  return { host: host.name, reached: false, problem };
}
