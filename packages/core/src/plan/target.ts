import { makeProblem, type Problem } from "../errors.ts";
import type { ReachedHost } from "../facts.ts";
import { isComplete, liveRelease, releaseOn } from "../releases/live.ts";
import { compareReleases, newestRelease } from "../releases/order.ts";
import type { FleetFacts } from "./fleet.ts";
import { belowFloor, isBelow } from "./floor.ts";
import { allTargets, rollbackTargets } from "./identity.ts";
import { few, list } from "./words.ts";

/** Where a rollback goes: a release, or why there is none. */
export type Target =
  | { readonly release: string; readonly problems: readonly [] }
  | { readonly release: undefined; readonly problems: readonly Problem[] };

/**
 * One target for the whole fleet, never "the previous" of each host. Without `to`: the newest good release older
 * than the newest live one, so that a rollback that was killed half-way goes on to the same target.
 */
export function chooseTarget(fleet: FleetFacts, to: string | undefined): Target {
  const idle = fleet.reached.filter((host) => host.current.kind === "none");
  if (idle.length > 0) return { release: undefined, problems: idle.map(({ host }) => nothingLive(host)) };
  if (fleet.lost.length > 0) return { release: undefined, problems: [] };
  return to === undefined ? chooseNewest(fleet) : checkNamed(fleet, to);
}

function chooseNewest(fleet: FleetFacts): Target {
  const newest = newestRelease(fleet.reached.flatMap((host) => liveRelease(host) ?? [])) ?? "";
  const older = allTargets(fleet).filter((id) => compareReleases(id, newest) < 0);
  const found = older.find((id) => !isBelow(fleet, id));
  if (found !== undefined) return { release: found, problems: [] };
  if (older[0] !== undefined) return shut(fleet, older[0]);
  return refuse(fleet, "no good release older than what is live is whole on every host");
}

function checkNamed(fleet: FleetFacts, to: string): Target {
  if (isServed(fleet, to) || rollbackTargets(fleet).includes(to)) return { release: to, problems: [] };
  return isBelow(fleet, to) ? shut(fleet, to) : refuse(fleet, whyNot(fleet, to));
}

function shut(fleet: FleetFacts, release: string): Target {
  return { release: undefined, problems: [belowFloor(fleet, release, rollbackTargets(fleet))] };
}

/** Live and good everywhere: the rollback was done before, and there is nothing left to do. */
export function isServed(fleet: FleetFacts, release: string): boolean {
  return fleet.lost.length === 0 && fleet.reached.every((host) => servesGood(host, release));
}

/** Live there, proved, and in the pool. */
export function servesGood(host: ReachedHost, release: string): boolean {
  const live = liveRelease(host) === release && releaseOn(host, release)?.state === "good";
  return live && host.drained === undefined;
}

function whyNot(fleet: FleetFacts, to: string): string {
  const hosts = (matches: (state: string | undefined) => boolean): readonly string[] =>
    fleet.reached.filter((host) => matches(releaseOn(host, to)?.state)).map(({ host }) => host);
  const known = hosts((state) => state !== undefined);
  const bad = hosts((state) => state === "bad");
  const lacking = fleet.reached.filter((host) => !isComplete(host, to)).map(({ host }) => host);
  if (known.length === 0) return `there is no release ${to} on any host`;
  if (bad.length > 0) return `release ${to} failed or was rolled back on ${list(bad)}`;
  if (lacking.length > 0) return `release ${to} is not whole on ${list(lacking)}`;
  return `release ${to} was never proved good`;
}

function refuse(fleet: FleetFacts, message: string): Target {
  const possible = rollbackTargets(fleet);
  const hint =
    possible.length === 0
      ? "No release is possible; deploy an older commit instead."
      : `Possible: ${few(possible, 10)}.`;
  return { release: undefined, problems: [makeProblem("rollback-target", message, { hint })] };
}

function nothingLive(host: string): Problem {
  return makeProblem("nothing-live", `nothing is live on ${host}`, {
    hint: "Deploy first; a rollback needs a live release on every host.",
    place: { host },
  });
}
