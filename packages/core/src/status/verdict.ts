import type { Config } from "../config/types.ts";
import type { Facts, ReachedHost } from "../facts.ts";
import { readFleet } from "../plan/fleet.ts";
import { findLate } from "../plan/reconcile.ts";
import { liveRelease, releaseOn } from "../releases/live.ts";

/** What the fleet as a whole serves, for an exit code: only `same` is well. */
export interface FleetVerdict {
  /** same: every host was read, and all serve one release (or all nothing); unreachable comes before mixed. */
  readonly state: "same" | "mixed" | "unreachable";
  /** The one that a reconcile brings hosts to; null: none can be called the fleet's. */
  readonly release: string | null;
  /** Hosts that a reconcile would change. */
  readonly late: readonly string[];
  readonly unreachable: readonly string[];
}

export function fleetVerdict(facts: readonly Facts[], config: Config): FleetVerdict {
  const fleet = readFleet(config, facts);
  const { release = null, late } = findLate(fleet);
  const served = new Set(fleet.reached.map(servedBy));
  const mixed = served.size > 1 || served.has(undefined);
  return {
    state: fleet.lost.length > 0 ? "unreachable" : mixed ? "mixed" : "same",
    release,
    late: late.map(({ host }) => host),
    unreachable: fleet.lost.map(({ host }) => host),
  };
}

/** null: nothing; undefined: `current` is nothing that could serve. */
function servedBy({ current }: ReachedHost): string | null | undefined {
  if (current.kind === "none") return null;
  return current.kind === "release" ? current.release : undefined;
}

/** Hosts whose `current` was changed and whose application nobody has heard since: an interrupted run, or way back. */
export function findUnproved(facts: readonly Facts[]): readonly string[] {
  return facts.flatMap((host) => {
    const live = host.reached ? liveRelease(host) : null;
    return host.reached && live !== null && releaseOn(host, live)?.state !== "good" ? [host.host] : [];
  });
}
