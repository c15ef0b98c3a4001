import { duration } from "../amounts.ts";
import type { BoundBackup, LockOwner, ReachedHost } from "../facts.ts";
import { maintenanceWords } from "../maintenance.ts";
import { leftBackups, type ReleaseBackup } from "../releases/bound.ts";
import { isReleaseId } from "../releases/id.ts";
import { liveRelease } from "../releases/live.ts";
import { compareReleases } from "../releases/order.ts";
import { warnDelivery } from "./delivery.ts";
import { warnConfigured } from "./drift.ts";
import { warnEnvFiles } from "./envFiles.ts";
import { type FleetFacts, hostsWith } from "./fleet.ts";
import { warnAfter } from "./floor.ts";
import { warnGround } from "./ground.ts";
import { warnHeld } from "./held.ts";
import { warnExposed, warnPlain } from "./huts.ts";
import { warnJobs } from "./jobs.ts";
import { behindWords, findBehind, warnWithout } from "./leftOut.ts";
import { whoIs } from "./owner.ts";
import { warnAway, warnDrained } from "./pool.ts";
import type { PlanRequest, ReconcileRequest } from "./request.ts";
import { warnTakenBack } from "./takenBack.ts";
import type { PassingWarning, Plan } from "./types.ts";
import { warnWaves } from "./waves.ts";
import { count, few, list } from "./words.ts";

type Warning = string | PassingWarning;

/** Worth reading before approving; none of it stops a run. */
export function warnAbout(fleet: FleetFacts, request: PlanRequest, release: string): readonly Warning[] {
  return [
    ...warnWithout(fleet.config),
    ...warnExposed(fleet.config),
    ...warnPlain(fleet.config),
    ...findBehind(fleet).map(behindWords),
    ...warnLock(fleet, request.owner),
    ...warnJobs(fleet, request.kind, release),
    ...warnDrift(fleet, release),
    ...warnEmpty(fleet),
    ...warnGround(fleet, request),
    ...maintenanceWords(fleet.reached),
    ...warnDrained(fleet),
    ...warnAway(fleet),
    ...warnHeld(fleet, request.kind, release),
    ...(request.kind === "deploy" ? [...warnTakenBack(fleet, request.commit), ...warnAfter(fleet)] : []),
    ...warnConfigured(fleet),
    ...warnWaves(fleet, request.kind),
    ...fleet.reached.flatMap((host) => [
      ...warnClock(host, request.now),
      ...warnAdopted(host),
      ...warnStrangers(host),
    ]),
    ...(request.kind === "rollback"
      ? warnRollback(fleet, release)
      : [...warnDelivery(fleet, hostsWith(fleet.config, [])), ...warnEnvFiles(fleet)]),
  ];
}

/** For a reconcile: who is left out, who goes back, and what else may be going on. */
export function warnReconcile(
  fleet: FleetFacts,
  request: ReconcileRequest,
  release: string,
  lacking: readonly string[],
): readonly Warning[] {
  const lost = fleet.lost.filter(({ host }) => host !== fleet.config.leader);
  return [
    ...warnWithout(fleet.config),
    ...findBehind(fleet).map(behindWords),
    ...lost.map(({ host, problem }) => `${host} is left out, it could not be read: ${problem.message}`),
    ...warnLock(fleet, request.owner),
    ...warnJobs(fleet, request.kind, release),
    ...warnBack(fleet, release),
    ...warnDrained(fleet),
    ...warnAway(fleet),
    ...warnHeld(fleet, request.kind, release),
    ...warnConfigured(fleet),
    ...warnEmpty(fleet),
    ...warnGround(fleet, request),
    ...warnDelivery(fleet, lacking),
    ...fleet.reached.flatMap((host) => warnClock(host, request.now)),
  ];
}

/** For a run that has nothing to do: what others do here may soon make that untrue. */
export function warnOthers(fleet: FleetFacts, { owner }: PlanRequest, release: string): readonly string[] {
  const { config, reached } = fleet;
  const lock = reached.find(({ host }) => host === config.leader)?.lock;
  const at =
    lock?.owner !== undefined && lock.owner.id !== owner && lock.expiresIn > 0 ? lock.owner : undefined;
  return [
    ...(at === undefined
      ? []
      : [`${describeOwner(at)} is at work here: what is live may be another release when it is over`]),
    // Nothing of this run's own is left to follow.
    ...warnJobs(fleet, "rollback", release),
  ];
}

/** How a plan holds them: every text, and beside it those that a run of it can make untrue. */
export function written(warnings: readonly Warning[]): Pick<Plan, "warnings" | "passing"> {
  const passing = warnings.filter((warning) => typeof warning !== "string");
  return {
    warnings: warnings.map((warning) => (typeof warning === "string" ? warning : warning.text)),
    ...(passing.length > 0 ? { passing } : {}),
  };
}

/** Those that what the run came to did not make untrue. */
export function stillTrue(
  { warnings, passing = [] }: Pick<Plan, "warnings" | "passing">,
  came: readonly PassingWarning["until"][],
): readonly string[] {
  const untrue = new Set(passing.filter(({ until }) => came.includes(until)).map(({ text }) => text));
  return warnings.filter((text) => !untrue.has(text));
}

/** A host that joins a fleet has none of what users left on the others. */
function warnEmpty({ reached }: FleetFacts): readonly string[] {
  const old = reached.filter((host) => liveRelease(host) !== null);
  return reached.flatMap(({ host, emptyShared = [], current }) => {
    const fills = (path: string) => old.find((other) => other.emptyShared?.includes(path) !== true)?.host;
    const lacks = emptyShared.filter((path) => fills(path) !== undefined);
    const [first] = lacks;
    if (current.kind !== "none" || first === undefined) return [];
    return [
      `${host} is new, and has nothing in ${few(lacks.map((path) => `shared/${path}`))}: ` +
        `copy there what users left on ${fills(first)} before it serves anybody`,
    ];
  });
}

/** Hosts that serve something newer than the fleet: what a killed run left, and what it may have migrated. */
function warnBack({ config, reached }: FleetFacts, release: string): readonly string[] {
  const ahead = reached.flatMap((host) => {
    const live = liveRelease(host);
    return release !== "" && live !== null && compareReleases(live, release) > 0
      ? [{ host: host.host, live }]
      : [];
  });
  return [
    ...ahead.map(({ host, live }) => `${host} goes back from ${live} to ${release}, which the fleet is on`),
    ...(ahead.length > 0 && config.migrate !== undefined
      ? [`the database is not taken back: check that ${release} works with it as it is now`]
      : []),
  ];
}

/** `run 4711 of org/shop (ada), commit 4f2a91c, phase migrate`: the words of a lock's owner that are known. */
export function describeOwner({ run, repository, actor, commit, phase, id }: LockOwner): string {
  const who = [
    run === "" ? `${whoIs(id)} on a desk` : `run ${run}`,
    repository && `of ${repository}`,
    run && actor && `(${actor})`,
  ];
  const what = [commit && `commit ${commit.slice(0, 7)}`, phase && `phase ${phase}`];
  return [who.filter(Boolean).join(" "), ...what].filter(Boolean).join(", ");
}

function warnLock({ config, reached }: FleetFacts, own: string | undefined): readonly PassingWarning[] {
  return reached.flatMap(({ host, lock: { owner, expiresIn: left } }) => {
    const led = host === config.leader;
    if (owner === undefined || owner.id === own || (!led && left <= 0)) return [];
    const who = `${describeOwner(owner)}${led ? "" : ` on ${host}, its leader`}`;
    const text =
      left > 0
        ? `locked by ${who}: its lease ends in ${duration(left * 1000)}, until then a run is refused`
        : `a lock was left by ${who}, which is dead: its lease ended ${duration(-left * 1000)} ago`;
    return [{ text, until: "locked" }];
  });
}

function warnDrift({ reached }: FleetFacts, release: string): readonly PassingWarning[] {
  const live = new Map<string | null, string[]>();
  for (const host of reached) {
    const key = liveRelease(host);
    live.set(key, [...(live.get(key) ?? []), host.host]);
  }
  if (live.size < 2) return [];
  const parts = [...live].map(([id, hosts]) => `${list(hosts)}: ${id ?? "nothing"}`);
  const cause = live.has(release)
    ? "an earlier run was interrupted, this one completes it"
    : "they drifted apart";
  return [{ text: `hosts serve different releases (${cause}): ${parts.join("; ")}`, until: "deployed" }];
}

const tolerance = 5 * 60;

function warnClock({ host, clock }: ReachedHost, now: Date | undefined): readonly string[] {
  const skew = now === undefined ? 0 : clock - now.getTime() / 1000;
  if (Math.abs(skew) <= tolerance) return [];
  const way = skew > 0 ? "ahead" : "behind";
  return [
    `the clock of ${host} is ${duration(Math.abs(skew) * 1000)} ${way}: certificates and logs suffer, check NTP`,
  ];
}

function warnAdopted(host: ReachedHost): readonly string[] {
  const live = liveRelease(host);
  return live === null || isReleaseId(live)
    ? []
    : [`${host.host} serves ${live}, made by another tool: it is adopted and stays a rollback target`];
}

function warnStrangers({ host, strangers }: ReachedHost): readonly string[] {
  if (strangers.length === 0) return [];
  return [`releases/ on ${host} holds what is no release, left alone: ${few(strangers)}`];
}

function warnRollback({ config, reached }: FleetFacts, release: string): readonly string[] {
  const missing = reached.filter(({ missingShared }) => missingShared.length > 0);
  const expects = config.activate.health?.expectRelease === true;
  const leader = reached.find(({ host }) => host === config.leader);
  const live = reached.flatMap((host) => liveRelease(host) ?? []);
  return [
    ...(config.migrate === undefined
      ? []
      : [
          "The database is not rolled back: releases left behind may have run migrations, check that " +
            `${release === "" ? "the target" : release} works with the database as it is now`,
        ]),
    ...(release === "" ? [] : warnBackups(leftBackups(leader, release, live), config.leader)),
    ...missing.map(({ host, missingShared }) => `shared files missing on ${host}: ${few(missingShared)}`),
    ...(expects && release !== "" && !isReleaseId(release)
      ? [`${release} was made by another tool: its health check passes only if it answers with that name`]
      : []),
  ];
}

const mostBackups = 3;

/** Which data there is to go back to; the first fits the release, and says that nothing is done about it. */
function warnBackups(left: readonly ReleaseBackup[], leader: string): readonly string[] {
  const lines = left
    .slice(0, mostBackups)
    .map(
      ({ release, backup }) => `backup ${backup.id} was made before ${release}; ${wayBack(backup, leader)}`,
    );
  const more = left.length - lines.length;
  return [
    ...lines.map((line, index) => (index === 0 ? `the database stays as it is now: ${line}` : line)),
    ...(more > 0 ? [`and ${count(more, "newer backup")}: deploy backups lists them`] : []),
  ];
}

/** How the data comes back, as the end of a sentence. */
export function wayBack(backup: BoundBackup, leader: string): string {
  return "restore" in backup
    ? `to bring that data back: ${backup.restore}`
    : `it lies on ${leader}: ${backup.path}`;
}
