import { type Canary, canaryDefaults } from "../config/activate/canary.ts";
import { hostsIn } from "../config/activate/share.ts";
import { hostNamed } from "../config/hosts/named.ts";
import type { Config } from "../config/types.ts";
import { hostsWith } from "../plan/fleet.ts";
import { inOrder, mostAway, rolling } from "./rolling.ts";
import type { Strategy, Switching, Wave } from "./strategy.ts";

/** Some hosts first, which are looked at for a while; then the others, or nobody until a person says. */
export const canary: Strategy = {
  words: "some first, and the others once those went well for a while",
  looks: true,
  maxUnavailable(config) {
    const first = sizeOf(config);
    const second = canaryOf(config).others === "all" ? config.hosts.length - first : 1;
    return mostAway(config, Math.max(first, second, rolling.maxUnavailable?.(config) ?? 1));
  },
  waves(switching) {
    const { config, hosts, deploys, held } = switching;
    const { others } = canaryOf(config);
    const first = firstOf(switching);
    const left = hosts.filter((host) => !first.includes(host));
    // Only a new release is tried out, and one that a person was asked about is not tried again.
    const asks = deploys && !held && left.length > 0 && others === "hold";
    const trial: Wave = { name: "canary", hosts: first, soaks: deploys && !held, holds: asks };
    const rest =
      others === "all" ? [{ name: "1", hosts: left }] : rolling.waves({ ...switching, hosts: left });
    return [trial, ...(asks ? [] : rest)].filter((wave) => wave.hosts.length > 0);
  },
};

/** Who is behind the balancers, where somebody is: users are what a release is tried out on. */
function firstOf(switching: Switching): readonly string[] {
  const { config, hosts } = switching;
  const names = namedIn(config);
  if (names !== undefined) return hosts.filter((host) => names.includes(host));
  const { pool } = config.activate;
  const members = pool === undefined ? [] : hostsWith(config, pool.roles);
  const ordered = inOrder(switching);
  const able = ordered.filter((host) => members.includes(host));
  return (able.length > 0 ? able : ordered).slice(0, sizeOf(config));
}

function sizeOf(config: Config): number {
  const { hosts: chosen } = canaryOf(config);
  const all = config.hosts.length;
  const wanted = "names" in chosen ? (namedIn(config)?.length ?? 0) : hostsIn(chosen, all);
  return mostAway(config, Math.min(wanted, Math.max(1, all - 1)));
}

/** Those of the named hosts that are there; undefined: none is named. */
export function namedIn(config: Config): readonly string[] | undefined {
  const { hosts: chosen } = canaryOf(config);
  if (!("names" in chosen)) return undefined;
  return chosen.names.flatMap((name) => {
    const host = hostNamed(name, config.hosts);
    return "name" in host ? [host.name] : [];
  });
}

export function canaryOf({ activate }: Config): Canary {
  return activate.canary ?? canaryDefaults();
}
