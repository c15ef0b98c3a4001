import { liveRelease, releaseOn } from "../releases/live.ts";
import type { FleetFacts } from "./fleet.ts";
import type { PlanRequest } from "./request.ts";
import type { PassingWarning } from "./types.ts";
import { list } from "./words.ts";

export interface Held {
  readonly host: string;
  readonly release: string;
  /** Id of the run that left it there. */
  readonly by: string;
  readonly since: string;
}

/** Hosts that keep a release, live and not good yet, until a person says. A mark beside another release is of the past. */
export function heldOn({ reached }: Pick<FleetFacts, "reached">): readonly Held[] {
  return reached.flatMap((host) => {
    const { held } = host;
    if (held === undefined || liveRelease(host) !== held.release) return [];
    return releaseOn(host, held.release)?.state === "active" ? [{ host: host.host, ...held }] : [];
  });
}

/** What this run means for them. */
export function warnHeld(
  fleet: FleetFacts,
  kind: PlanRequest["kind"],
  release: string,
): readonly PassingWarning[] {
  return heldGroups(fleet).map((group) => {
    const end =
      group.release !== release
        ? `this ${kind} ends that, with ${release || "another release"}`
        : kind === "deploy"
          ? "this deploy goes on with it, and asks no more"
          : `this ${kind} makes it the release of all`;
    return { text: `${heldWords(group)}: ${end}`, until: "deployed" };
  });
}

/** `web2 has held 20261121T… since 2026-11-30T10:00:00Z, by org/shop/7`. */
export function heldWords({ hosts, release, by, since }: Group): string {
  return `${list(hosts)} ${hosts.length === 1 ? "has" : "have"} held ${release} since ${since}, by ${by}`;
}

interface Group extends Omit<Held, "host"> {
  readonly hosts: readonly string[];
}

/** One for each release and run. */
export function heldGroups(fleet: Pick<FleetFacts, "reached">): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const { host, ...held } of heldOn(fleet)) {
    const key = `${held.release} ${held.by}`;
    groups.set(key, { ...held, ...groups.get(key), hosts: [...(groups.get(key)?.hosts ?? []), host] });
  }
  return [...groups.values()];
}
