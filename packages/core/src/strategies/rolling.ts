import { type Rolling, rollingDefaults } from "../config/activate/rolling.ts";
import { hostsIn } from "../config/activate/share.ts";
import type { Config } from "../config/types.ts";
import { hostsWith } from "../plan/fleet.ts";
import type { Strategy, Switching } from "./strategy.ts";

/** A few hosts at a time: a wave is switched, reloaded and proved before the next begins. */
export const rolling: Strategy = {
  words: "in waves, each proved before the next",
  maxUnavailable: (config) => mostAway(config, hostsIn(settings(config).maxUnavailable, config.hosts.length)),
  waves(switching) {
    const size = rolling.maxUnavailable?.(switching.config) ?? 1;
    const hosts = inOrder(switching);
    return Array.from({ length: Math.ceil(hosts.length / size) }, (_, index) => ({
      name: String(index + 1),
      hosts: hosts.slice(index * size, (index + 1) * size),
    }));
  },
};

/** As many as are wanted; but somebody must go on serving. */
export function mostAway(config: Config, wanted: number): number {
  const { pool } = config.activate;
  const members = pool === undefined ? 0 : hostsWith(config, pool.roles).length;
  return members > 1 ? Math.min(wanted, members - 1) : wanted;
}

/**
 * Who is away already goes first: nobody else may leave before it is back. What is behind has the least to lose; the leader, which
 * holds the lock and had the migration, has the most.
 */
export function inOrder({ config, hosts, late, away }: Switching): readonly string[] {
  const listed = settings(config).order === "listed";
  const rank = (host: string): number => {
    if (away.includes(host)) return 0;
    if (listed) return 1;
    return host === config.leader ? 3 : late.includes(host) ? 1 : 2;
  };
  return [...hosts].sort((one, other) => rank(one) - rank(other));
}

function settings({ activate }: Config): Rolling {
  return activate.rolling ?? rollingDefaults();
}
