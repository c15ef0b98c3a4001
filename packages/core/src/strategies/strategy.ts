import type { Config } from "../config/types.ts";

/** Hosts that switch together, before the next wave begins. */
export interface Wave {
  readonly name: string;
  readonly hosts: readonly string[];
}

/** What is divided into waves. */
export interface Switching {
  readonly config: Config;
  /** Those of a plan that switch, in the config's order. */
  readonly hosts: readonly string[];
  /** Those that do not serve the fleet's release as proved good. */
  readonly late: readonly string[];
  /** Those that a run of ours took out of the pool, and none returned. */
  readonly away: readonly string[];
}

/** In which order a fleet switches. */
export interface Strategy {
  /** Of the hosts, as a sentence about them begins: `all together`. */
  readonly words: string;
  /** Divides `hosts`: each is in one wave. */
  waves(switching: Switching): readonly Wave[];
  /** How many hosts may be away at once: no wave is larger. Absent: as many as there are. */
  maxUnavailable?(config: Config): number;
}
