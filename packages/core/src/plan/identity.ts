import type { ReachedHost, ReleaseFacts } from "../facts.ts";
import { mintReleaseId } from "../releases/id.ts";
import { isComplete, liveRelease, releaseOn } from "../releases/live.ts";
import { compareReleases, newestRelease } from "../releases/order.ts";
import type { FleetFacts } from "./fleet.ts";
import { isBelow } from "./floor.ts";
import type { Artifact } from "./types.ts";

/**
 * The release every host serves already and has proved good, if it is these files of this commit: then there is
 * nothing to do. One that is live but not proved (a run that was killed), or out of the pool since, is gone through again.
 */
export function findServed(fleet: FleetFacts, artifact: Artifact, commit: string): string | undefined {
  const [first] = fleet.reached;
  const live = first === undefined ? null : liveRelease(first);
  if (live === null || fleet.lost.length > 0) return undefined;
  const served = fleet.reached.every((host) => {
    const release = releaseOn(host, live);
    const whole = liveRelease(host) === live && host.drained === undefined;
    return whole && release?.state === "good" && isSame(release, artifact, commit);
  });
  return served ? live : undefined;
}

/**
 * A release of the same files and commit that is unfinished or live on a part of the fleet: taking its id again
 * makes a re-run converge instead of leaving one more folder. One that is bad anywhere is not taken; nor, with `force`,
 * one that is live everywhere.
 */
export function findUnfinished(
  fleet: FleetFacts,
  artifact: Artifact,
  commit: string,
  force: boolean,
): string | undefined {
  const all = fleet.reached.flatMap((host) => host.releases.map((release) => ({ host, release })));
  const { without: left = [] } = fleet.config;
  const refused = new Set(
    all
      .filter(({ release }) => release.state === "bad" || !isSame(release, artifact, commit))
      .map(({ release }) => release.id),
  );
  const isOver = (id: string) => force && fleet.reached.every((host) => liveRelease(host) === id);
  const usable = all.filter(({ release: { id } }) => !refused.has(id) && !isOver(id));
  const live = usable.filter(({ host, release }) => liveRelease(host) === release.id);
  // Its record says who was left out when it was made: another one is made where more are.
  const told = ({ without = [] }: ReleaseFacts) => left.every((host) => without.includes(host));
  const open = usable.filter(({ release }) => release.state !== "good" && told(release));
  return newestRelease(idsOf(live.length > 0 ? live : open));
}

/** Of two releases of one commit and second the later one has the next second that is free on every host. */
export function newId(fleet: FleetFacts, now: Date, commit: string): string {
  const id = mintReleaseId(now, commit);
  const isTaken = fleet.reached.some((host) => releaseOn(host, id) !== undefined);
  return isTaken ? newId(fleet, new Date(now.getTime() + 1000), commit) : id;
}

function isSame(release: ReleaseFacts, artifact: Artifact, commit: string): boolean {
  return release.manifest === artifact.manifest && (release.commit ?? "") === commit;
}

function idsOf(entries: readonly { readonly release: ReleaseFacts }[]): readonly string[] {
  return entries.map(({ release }) => release.id);
}

/**
 * Releases the whole fleet can go back to, newest first: whole on every host, bad on none, proved good on at least
 * one, not what every host serves anyway, and none that the data fits no more. With a host lost there are none: what it holds is not known.
 */
export function rollbackTargets(fleet: FleetFacts): readonly string[] {
  return allTargets(fleet).filter((id) => !isBelow(fleet, id));
}

/** The same, also those that the data fits no more. */
export function allTargets(fleet: FleetFacts): readonly string[] {
  if (fleet.lost.length > 0) return [];
  const ids = new Set(fleet.reached.flatMap((host) => host.releases.map(({ id }) => id)));
  return [...ids].filter((id) => isTarget(fleet.reached, id)).sort((a, b) => compareReleases(b, a));
}

function isTarget(hosts: readonly ReachedHost[], id: string): boolean {
  const whole = hosts.every((host) => isComplete(host, id) && releaseOn(host, id)?.state !== "ready");
  const proved = hosts.some((host) => releaseOn(host, id)?.state === "good");
  return whole && proved && !hosts.every((host) => liveRelease(host) === id);
}
