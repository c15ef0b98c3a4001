import type { Config } from "../config/types.ts";

/** Hosts that switch together, before the next wave begins. */
export interface Wave {
  readonly name: string;
  readonly hosts: readonly string[];
  /** They are looked at for a while before the next wave begins. */
  readonly soaks?: boolean;
  /** Then a person says what becomes of the others: no wave follows. */
  readonly holds?: boolean;
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
  /** It brings a release that the fleet did not have. */
  readonly deploys: boolean;
  /** That release is held on a part of the fleet: whoever goes on with it has decided. */
  readonly held: boolean;
}

/** In which order a fleet switches. */
export interface Strategy {
  /** Of the hosts, as a sentence about them begins: `all together`. */
  readonly words: string;
  /** Divides `hosts`: each is in one wave, or, where a wave `holds`, in none. */
  waves(switching: Switching): readonly Wave[];
  /** It judges hosts by looking at them: there must be something to look at. */
  readonly looks?: true;
  /** How many hosts may be away at once: no wave is larger. Absent: as many as there are. */
  maxUnavailable?(config: Config): number;
}
