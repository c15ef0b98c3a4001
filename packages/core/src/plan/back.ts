import type { ReachedHost } from "../facts.ts";
import { isComplete, liveRelease, releaseOn } from "../releases/live.ts";
import type { FleetFacts } from "./fleet.ts";
import { fleetRelease } from "./reconcile.ts";

/**
 * Where a host goes back to whose live release nobody proved, since the run that switched it was killed: what the fleet was on.
 * Undefined: to what it serves.
 */
export function backOf(fleet: FleetFacts, host: ReachedHost, to: string): string | undefined {
  const live = liveRelease(host);
  if (live === null || releaseOn(host, live)?.state === "good") return undefined;
  const release = fleetRelease(fleet);
  if (release === undefined || release === to || release === live) return undefined;
  return isComplete(host, release) ? release : undefined;
}
