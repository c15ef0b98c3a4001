import { dataSize, duration } from "../amounts.ts";
import type { Config } from "../config/types.ts";
import type { Current, Facts, ReachedHost } from "../facts.ts";
import { freezeWords } from "../plan/checks.ts";
import { readFleet } from "../plan/fleet.ts";
import { heldGroups, heldWords } from "../plan/held.ts";
import { behindWords, findBehind } from "../plan/leftOut.ts";
import { drainedWords } from "../plan/pool.ts";
import { findLate } from "../plan/reconcile.ts";
import { describeOwner } from "../plan/warnings.ts";
import { count, few, list, quote } from "../plan/words.ts";
import { findUnproved } from "./verdict.ts";

/** All hosts of the config, in its order, also those nothing is known of. */
export function hostsOf(facts: readonly Facts[], config: Config): readonly Facts[] {
  const { reached, lost } = readFleet(config, facts);
  return config.hosts.flatMap(({ name }) => [...reached, ...lost].filter(({ host }) => host === name));
}

export function currentWords(current: Current): string {
  switch (current.kind) {
    case "none":
      return "nothing";
    case "release":
      return current.release;
    case "directory":
      return "a directory, not a link";
    case "dangling":
      return `${current.target} (missing)`;
    case "foreign":
      return `${current.target} (outside releases)`;
  }
}

/** `5 good, 1 bad`, in the order a release goes through them. */
export function stateWords({ releases }: ReachedHost): string {
  const states = ["partial", "ready", "active", "good", "bad"] as const;
  const counts = states.map((state) => [releases.filter((release) => release.state === state).length, state]);
  return (
    counts
      .filter(([number]) => number !== 0)
      .map(([number, state]) => `${number} ${state}`)
      .join(", ") || "none"
  );
}

export function freeWords({ freeBytes, freeInodes }: ReachedHost): string {
  return `${dataSize(freeBytes)}, ${count(freeInodes, "inode")}`;
}

/** Who holds the fleet lock, from the leader's facts. */
export function lockWords(facts: readonly Facts[], { leader }: Config): string {
  const found = facts.find(({ host }) => host === leader);
  if (found === undefined || !found.reached) return `not known: the leader ${leader} could not be read`;
  const { owner, expiresIn, damaged = [] } = found.lock;
  if (damaged.some((file) => file !== "frozen")) return `not known: its file on ${leader} cannot be read`;
  if (owner === undefined) return "free";
  const left = duration(Math.abs(expiresIn) * 1000);
  const who = describeOwner(owner);
  if (expiresIn > 0) return `held by ${who}; its lease ends in ${left}`;
  return `left by ${who}, which is dead: its lease ended ${left} ago, and the next run takes it`;
}

/** Why nobody may take the lock; undefined where nothing is frozen, or nobody can tell. */
export function frozenReason(facts: readonly Facts[], { leader }: Config): string | undefined {
  const found = facts.find(({ host }) => host === leader);
  if (found?.reached !== true) return undefined;
  if (found.lock.damaged?.includes("frozen")) return "why cannot be read";
  if (found.lock.frozen === undefined) return undefined;
  return `${found.lock.frozen}${freezeWords(found.lock)}`;
}

/** Hosts that a reconcile would change, with what they serve and what the fleet is on. */
export function lateHostsOf(facts: readonly Facts[], config: Config) {
  const { release, late } = findLate(readFleet(config, facts));
  return late.map(({ host, current, releases }) => {
    const serves = currentWords(current);
    const state = releases.find(({ id }) => id === serves)?.state;
    const live =
      serves === release ? `${serves}, which is ${state ?? "not there"} and not proved good` : serves;
    return { host, live, release: release ?? "" };
  });
}

/** Who is left out by name, and who was and is behind. */
export function leftWords(facts: readonly Facts[], config: Config): readonly string[] {
  const { without = [] } = config;
  return [
    ...(without.length === 0 ? [] : [`left out by name, not asked: ${list(without)}`]),
    ...findBehind(readFleet(config, facts)).map(behindWords),
  ];
}

/** One sentence on what the fleet serves. */
export function fleetWords(hosts: readonly Facts[]): string {
  const lost = hosts.filter(({ reached }) => !reached).length;
  const live = new Set(hosts.flatMap((host) => (host.reached ? [currentWords(host.current)] : [])));
  const unread = lost === 0 ? "" : `, ${count(lost, "host")} could not be read`;
  if (live.size > 1) return `hosts serve ${live.size} different releases${unread}`;
  const [only] = live;
  const unproved = findUnproved(hosts);
  const doubt = unproved.length === 0 ? "" : `, not proved on ${few(unproved)}`;
  return only === undefined ? "no host could be read" : `${only} is live${doubt}${unread}`;
}

/** Who keeps a release until a person says, and by which command that is. */
export function heldIn(facts: readonly Facts[], config: Config): readonly string[] {
  const at = `--environment ${quote(config.environment)}`;
  return heldGroups(readFleet(config, facts)).map(
    (group) =>
      `${heldWords(group)}: to go on, from the same commit, \`deploy run ${at}\`; to go back, \`deploy rollback ${at}\``,
  );
}

/** Hosts that a run took out of the pool and did not return. */
export function drainedIn(facts: readonly Facts[]): readonly string[] {
  return facts.flatMap((host) =>
    host.reached && host.drained !== undefined ? [drainedWords(host.host, host.drained)] : [],
  );
}
