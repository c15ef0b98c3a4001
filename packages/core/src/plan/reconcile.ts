import { makeProblem, type Problem } from "../errors.ts";
import type { ReachedHost } from "../facts.ts";
import { shortCommit } from "../releases/id.ts";
import { liveRelease, releaseOn } from "../releases/live.ts";
import { compareReleases, newestRelease } from "../releases/order.ts";
import { checkPrepare, checkSwitch } from "./checks.ts";
import type { FleetFacts } from "./fleet.ts";
import { lostProblems } from "./fleet.ts";
import type { ReconcileRequest } from "./request.ts";
import type { Artifact } from "./types.ts";
import { list } from "./words.ts";

/** Who has to follow the fleet, and to which release; undefined: no release can be called the fleet's. */
export interface Late {
  readonly release: string | undefined;
  /** Reached, and not serving the release as proved good, or out of the pool by a run of ours; in the config's order. */
  readonly late: readonly ReachedHost[];
  /** The late ones that have to be sent the release. */
  readonly lacking: readonly ReachedHost[];
}

export function findLate(fleet: FleetFacts): Late {
  const release = fleetRelease(fleet);
  const late = fleet.reached.filter(
    (host) => release !== undefined && (goodLive(host) !== release || host.drained !== undefined),
  );
  const lacking = late.filter((host) => {
    const state = releaseOn(host, release ?? "")?.state;
    return state === undefined || state === "partial";
  });
  return { release, late, lacking };
}

/**
 * The release that the fleet is on: what is live and good on the leader; else on most hosts (the newer of equals);
 * else, with nothing good live anywhere, what an unfinished way back led to, or the newest that is good on every host
 * that was read.
 */
export function fleetRelease({ config, reached }: FleetFacts): string | undefined {
  const leader = reached.find(({ host }) => host === config.leader);
  const onLeader = leader === undefined ? undefined : goodLive(leader);
  if (onLeader !== undefined) return onLeader;
  return (
    mostOf(reached.flatMap((host) => goodLive(host) ?? [])) ??
    mostOf(reached.flatMap((host) => wentBackTo(host) ?? [])) ??
    newestRelease(goodEverywhere(reached))
  );
}

/** The newer of equals. */
function mostOf(live: readonly string[]): string | undefined {
  const votes = (id: string): number => live.filter((other) => other === id).length;
  return [...new Set(live)].sort((a, b) => votes(b) - votes(a) || compareReleases(b, a))[0];
}

/** Live, not proved, and a newer one is bad: a way back that did not come to its end. */
function wentBackTo(host: ReachedHost): string | undefined {
  const live = liveRelease(host);
  if (live === null || releaseOn(host, live)?.state !== "active") return undefined;
  return host.releases.some(({ id, state }) => state === "bad" && compareReleases(id, live) > 0)
    ? live
    : undefined;
}

function goodLive(host: ReachedHost): string | undefined {
  const live = liveRelease(host);
  return live !== null && releaseOn(host, live)?.state === "good" ? live : undefined;
}

function goodEverywhere(reached: readonly ReachedHost[]): readonly string[] {
  const ids = reached[0]?.releases.map(({ id }) => id) ?? [];
  return ids.filter((id) => reached.every((host) => releaseOn(host, id)?.state === "good"));
}

/** What stops a reconcile: the leader (its lock) out of reach, no release, or a late host that cannot follow. */
export function checkReconcile(
  fleet: FleetFacts,
  { release, late, lacking }: Late,
  request: ReconcileRequest,
): readonly Problem[] {
  const leader = lostProblems(fleet).filter(({ place }) => place.host === fleet.config.leader);
  if (release === undefined) return [...leader, ...(fleet.reached.length === 0 ? [] : [noRelease(fleet)])];
  const artifact = artifactFor(fleet, { release, lacking }, request);
  return [
    ...leader,
    ...late.flatMap((host) => [
      ...checkSwitch(fleet, host),
      ...(artifact !== undefined && lacking.includes(host)
        ? checkPrepare(fleet, host, artifact, release)
        : []),
    ]),
    ...late.flatMap((host) => checkHeld(fleet, host, release)),
    ...(lacking.length > 0 && artifact === undefined ? [noArtifact(fleet, request, lacking, release)] : []),
  ];
}

/** The artifact, where an upload is needed and it is the release's own. */
export function artifactFor(
  fleet: FleetFacts,
  { release, lacking }: Pick<Late, "release" | "lacking">,
  { artifact }: ReconcileRequest,
): Artifact | undefined {
  if (release === undefined || lacking.length === 0 || artifact === undefined) return undefined;
  return artifact.manifest === holderOf(fleet, release)?.manifest ? artifact : undefined;
}

/** What the release is, by a host that proved it, or went back to it: the leader where it can tell. */
export function holderOf({ config, reached }: FleetFacts, release: string) {
  const proved = reached.filter((host) => releaseOn(host, release)?.state === "good");
  const holders = proved.length > 0 ? proved : reached.filter((host) => wentBackTo(host) === release);
  const holder = holders.find(({ host }) => host === config.leader) ?? holders[0];
  return holder === undefined ? undefined : releaseOn(holder, release);
}

function checkHeld(fleet: FleetFacts, host: ReachedHost, release: string): readonly Problem[] {
  const held = releaseOn(host, release);
  const hint = "Deploy a commit: a new release brings all hosts to the same files.";
  const place = { host: host.host };
  if (held === undefined || held.state === "partial") return [];
  if (held.state === "bad") {
    const message = `release ${release}, which the fleet serves, failed or was rolled back here`;
    return [makeProblem("release-bad", message, { hint, place })];
  }
  if (held.manifest === holderOf(fleet, release)?.manifest) return [];
  return [makeProblem("release-mixed", `release ${release} holds other files here`, { hint, place })];
}

function noRelease({ config }: FleetFacts): Problem {
  const message = `no release is live and good in ${config.environment}, and none is good on every host`;
  return makeProblem("reconcile-release", message);
}

function noArtifact(
  fleet: FleetFacts,
  { artifact }: ReconcileRequest,
  lacking: readonly ReachedHost[],
  release: string,
): Problem {
  const { commit = "", manifest } = holderOf(fleet, release) ?? {};
  const hosts = list(lacking.map(({ host }) => host));
  const given = artifact === undefined ? "no artifact was given" : "the artifact given holds other files";
  const message = `release ${release} is not whole on ${hosts}, and ${given}`;
  const place = lacking.length === 1 ? { host: hosts } : {};
  const wanted = `the packed artifact of that release: commit ${commit || shortCommit(release.slice(-7)) || "unknown"}`;
  const hint =
    manifest === undefined
      ? "Another tool made that release, so no artifact can be proved to be it: deploy a commit to all hosts."
      : `Give ${wanted}, manifest ${manifest}.`;
  return makeProblem("reconcile-artifact", message, { hint, place });
}
