import type { Config } from "../config/types.ts";

/** Hosts that switch together, before the next wave begins. */
export interface Wave {
  readonly name: string;
  readonly hosts: readonly string[];
}

/** In which order a fleet switches. */
export interface Strategy {
  /** Of the hosts, as a sentence about them begins: `all together`. */
  readonly words: string;
  /** Divides `hosts` (those of a plan that switch): each is in one wave. */
  waves(config: Config, hosts: readonly string[]): readonly Wave[];
}
