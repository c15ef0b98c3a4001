import { type Rolling, rollingDefaults } from "../config/activate/rolling.ts";
import type { Config } from "../config/types.ts";
import { hostsWith } from "../plan/fleet.ts";
import type { Strategy, Switching } from "./strategy.ts";

/** A few hosts at a time: a wave is switched, reloaded and proved before the next begins. */
export const rolling: Strategy = {
  words: "in waves, each proved before the next",
  maxUnavailable,
  waves(switching) {
    const size = maxUnavailable(switching.config);
    const hosts = inOrder(switching);
    return Array.from({ length: Math.ceil(hosts.length / size) }, (_, index) => ({
      name: String(index + 1),
      hosts: hosts.slice(index * size, (index + 1) * size),
    }));
  },
};

/** A part of the fleet in percent is rounded down, and never to nothing. */
function maxUnavailable(config: Config): number {
  const { percent, hosts = Math.floor((config.hosts.length * (percent ?? 0)) / 100) } =
    settings(config).maxUnavailable;
  const members =
    config.activate.pool === undefined ? 0 : hostsWith(config, config.activate.pool.roles).length;
  // Somebody must go on serving.
  return Math.max(1, members > 1 ? Math.min(hosts, members - 1) : hosts);
}

/**
 * Who is away already goes first: nobody else may leave before it is back. What is behind has the least to lose; the leader, which
 * holds the lock and had the migration, has the most.
 */
function inOrder({ config, hosts, late, away }: Switching): readonly string[] {
  const listed = settings(config).order === "listed";
  const rank = (host: string): number => {
    if (away.includes(host)) return 0;
    if (listed) return 1;
    return host === config.leader ? 3 : late.includes(host) ? 1 : 2;
  };
  return [...hosts].sort((one, other) => rank(one) - rank(other));
}

function settings({ activate }: Config): Rolling {
  return activate.rolling ?? rollingDefaults;
}
