import type { Host } from "../config/types.ts";
import { missingTools } from "../doctor/rows/tools.ts";
import { type ErrorCode, makeProblem, type Problem } from "../errors.ts";
import type { LockFacts, ReachedHost } from "../facts.ts";
import { isComplete } from "../releases/live.ts";
import { envFilesOf } from "./envFiles.ts";
import type { FleetFacts } from "./fleet.ts";
import { whoIs } from "./owner.ts";
import { checkSpace } from "./space.ts";
import { seenTokens } from "./tokens.ts";
import type { Artifact } from "./types.ts";
import { count, quote, quotePath } from "./words.ts";

/** What stops both a deploy and a rollback on a host: nothing could be switched there. */
export function checkSwitch(fleet: FleetFacts, host: ReachedHost): readonly Problem[] {
  return [...checkCurrent(fleet, host), ...checkWritable(fleet, host), ...checkRecords(fleet, host)];
}

/** Nothing is decided from a record that cannot be read: it may be of a release that was migrated already. */
function checkRecords({ config }: FleetFacts, { host, releases }: ReachedHost): readonly Problem[] {
  return releases
    .filter(({ unread }) => unread === true)
    .map(({ id }) => {
      const path = `${config.deployTo}/.deploy/releases/${id}.json`;
      const hint = `Use the version of deploy that wrote it, or move it aside on ${host}: mv ${quotePath(path)} ${quotePath(path)}.old`;
      return problem("state-version", host, `${path} cannot be read`, hint);
    });
}

/** What stops a deploy only: the release could not be made on the host. */
export function checkPrepare(
  fleet: FleetFacts,
  host: ReachedHost,
  artifact: Artifact,
  release: string,
): readonly Problem[] {
  return [
    ...checkTools(host),
    // A release that lies there already needs no room: a re-run is judged like the run before it.
    ...(isComplete(host, release) ? [] : checkSpace(fleet, host, artifact, release)),
    ...checkShared(fleet, host),
  ];
}

/**
 * `current` must be nothing, or a link to a release that exists. A dangling link stops us too: it names a release
 * nobody could be taken back to, so the promise "all new, or all old" could not be kept.
 */
function checkCurrent({ config }: FleetFacts, { host, current }: ReachedHost): readonly Problem[] {
  const path = `${config.deployTo}/current`;
  const at = quotePath(path);
  switch (current.kind) {
    case "directory":
      return [
        problem(
          "current-not-a-link",
          host,
          `${path} is a directory, not a link`,
          `Look at what it holds, then move it out of the way on ${host}: mv ${at} ${at}.old`,
        ),
      ];
    case "foreign":
      return [
        problem(
          "current-foreign",
          host,
          `${path} points to ${current.target}, outside ${config.deployTo}/releases`,
          `Check that deploy-to is right. If nothing needs this link, remove it on ${host}: rm ${at}`,
        ),
      ];
    case "dangling":
      return [
        problem(
          "current-dangling",
          host,
          `${path} points to ${current.target}, which does not exist`,
          `Nothing is live there. Remove the link on ${host} and run again: rm ${at}`,
        ),
      ];
    default:
      return [];
  }
}

function checkWritable({ config }: FleetFacts, { host, user, writable }: ReachedHost): readonly Problem[] {
  if (writable) return [];
  const hint = `Give it to that user on ${host}: sudo install -d -o ${quote(user)} ${quotePath(config.deployTo)}`;
  return [problem("not-writable", host, `${user} may not write to ${config.deployTo}`, hint)];
}

function checkTools({ host, tools }: ReachedHost): readonly Problem[] {
  return missingTools(tools).map((tool) =>
    problem("tool-missing", host, `${tool} is not there`, `Install ${tool} on ${host}.`),
  );
}

function checkShared({ config }: FleetFacts, { host, user, missingShared }: ReachedHost): readonly Problem[] {
  const target = config.hosts.find(({ name }) => name === host);
  const { files } = config.shared;
  const loaded = envFilesOf(config).filter((file) => !files.includes(file));
  const linked = missingShared.filter((file) => !loaded.includes(file));
  return linked.map((file) => {
    const path = `${config.deployTo}/shared/${file}`;
    const hint = `Create it once, with its real content: ${createCommand(target, user, path)}`;
    return problem("shared-missing", host, `${path} does not exist`, hint);
  });
}

function createCommand(host: Host | undefined, user: string, path: string): string {
  const folder = path.slice(0, path.lastIndexOf("/"));
  const remote = `umask 077; mkdir -p ${quotePath(folder)}; cat > ${quotePath(path)}`;
  const port = host === undefined || host.port === 22 ? "" : `-p ${host.port} `;
  const login = `${host?.username ?? user}@${host?.address ?? "host"}`;
  return `ssh ${port}${quote(login)} ${quote(remote)} < ${quote(path.slice(folder.length + 1))}`;
}

/** Every host must hold `release` as these files, or not at all, and must not have found it bad. */
export function checkIdentity(fleet: FleetFacts, artifact: Artifact, release: string): readonly Problem[] {
  return fleet.reached.flatMap(({ host, releases }) => {
    const found = releases.find(({ id }) => id === release);
    if (found === undefined) return [];
    if (found.state === "bad") {
      return [
        makeProblem("release-bad", `release ${release} failed or was rolled back here`, { place: { host } }),
      ];
    }
    // Unfinished leavings of other files are made anew by prepare; whole ones must never be.
    if (found.manifest === artifact.manifest || found.state === "partial") return [];
    return [makeProblem("release-mixed", `release ${release} holds other files here`, { place: { host } })];
  });
}

/** A host that lies about the lock would have the fleet count to where no run can follow. */
export function checkTokens({ config, reached }: FleetFacts): readonly Problem[] {
  return seenTokens(reached, config.leader).problems;
}

/** Nobody new gets the lock while deploys are frozen; a run that holds it already goes on. */
export function checkFrozen({ config, reached }: FleetFacts, own: string | undefined): readonly Problem[] {
  const leader = reached.find(({ host }) => host === config.leader);
  if (leader?.lock.frozen === undefined) return [];
  if (own !== undefined && leader.lock.owner?.id === own) return [];
  const message = `deploys to ${config.environment} are frozen${freezeWords(leader.lock)}: ${leader.lock.frozen}`;
  const command = `deploy unfreeze --environment ${quote(config.environment)}`;
  const hint = `Ask whoever froze it, or end the freeze: ${command}`;
  const inAction = "Ask whoever froze it, or end the freeze with the action unlock (`unfreeze: true`)";
  return [makeProblem("frozen", message, { hint, inAction, place: { host: leader.host } })];
}

/** ` by ada@desk since 2026-11-21T08:44:50Z`, as far as the record says. */
export function freezeWords({ freeze }: LockFacts): string {
  return freeze === undefined ? "" : ` by ${whoIs(freeze.by)} since ${freeze.since}`;
}

/** `3 hosts of production`. */
export function fleetName(environment: string, hosts: number): string {
  return `${count(hosts, "host")} of ${environment}`;
}

function problem(code: ErrorCode, host: string, message: string, hint: string): Problem {
  return makeProblem(code, message, { hint, place: { host } });
}
