import type { Config } from "../config/types.ts";
import { makeProblem, type Problem } from "../errors.ts";
import type { Facts } from "../facts.ts";
import { isReleaseId } from "../releases/id.ts";
import { liveRelease, releaseOn } from "../releases/live.ts";
import { planRetention } from "../releases/retention.ts";
import { commandSteps } from "../steps/command.ts";
import { strategies } from "../strategies/strategies.ts";
import { backOf } from "./back.ts";
import { checkFrozen, checkIdentity, checkPrepare, checkSwitch, checkTokens } from "./checks.ts";
import { planDigest } from "./digest.ts";
import { checkDrift } from "./drift.ts";
import { checkFit } from "./fit.ts";
import { type FleetFacts, hostsWith, lostProblems, readFleet } from "./fleet.ts";
import { isAfterLeft } from "./floor.ts";
import { checkGround, takesOver } from "./ground.ts";
import { planHeadline } from "./headline.ts";
import { heldOn } from "./held.ts";
import { checkHuts } from "./huts.ts";
import { findServed, findUnfinished, newId } from "./identity.ts";
import { checkPool } from "./pool.ts";
import { artifactFor, checkReconcile, findLate, holderOf } from "./reconcile.ts";
import type { DeployRequest, PlanRequest, ReconcileRequest, RollbackRequest } from "./request.ts";
import { reusesOf } from "./reuses.ts";
import { type Scope, stagesFor, switchedHosts } from "./stages.ts";
import { chooseTarget, isServed, servesGood } from "./target.ts";
import type { Plan, PlannedHost, Removal } from "./types.ts";
import { warnAbout, warnOthers, warnReconcile, written } from "./warnings.ts";
import { checkWaves } from "./waves.ts";

/**
 * What will be done, from what is configured and what the servers said. Never throws: what stops a run is in
 * `problems`, and every host that has one is named.
 */
export function plan(config: Config, facts: readonly Facts[], request: PlanRequest): Plan {
  const fleet = readFleet(config, facts);
  switch (request.kind) {
    case "deploy":
      return planDeploy(fleet, request);
    case "rollback":
      return planRollback(fleet, request);
    case "reconcile":
      return planReconcile(fleet, request);
  }
}

function planDeploy(fleet: FleetFacts, request: DeployRequest): Plan {
  const { artifact, commit, force = false } = request;
  const served = findServed(fleet, artifact, commit);
  const wanted =
    request.release ?? (force ? undefined : served) ?? findUnfinished(fleet, artifact, commit, force);
  const release = wanted ?? newId(fleet, request.now, commit);
  const whole = served === release;
  // All hosts serve it, and what comes after that did not end well.
  const changed = !whole || isAfterLeft(fleet, release);
  const problems = [
    ...checkName(release),
    ...lostProblems(fleet),
    ...checkFrozen(fleet, request.owner),
    ...checkTokens(fleet),
    ...checkGround(fleet, request),
    ...checkWaves(fleet),
    ...checkDrift(fleet),
    ...checkFit(fleet),
    ...fleet.reached.flatMap((host) => [
      ...checkSwitch(fleet, host),
      ...checkPrepare(fleet, host, artifact, release),
    ]),
    ...checkIdentity(fleet, artifact, release),
  ];
  return seal(fleet, request, {
    release,
    commit,
    ...(force && !whole && served !== undefined ? { forced: true } : {}),
    artifact,
    changed,
    stages: changed ? stagesFor(fleet, { kind: "deploy", release }, everywhere(fleet), whole) : [],
    problems: changed ? problems : [],
    removals: changed ? removalsOf(fleet, release) : new Map(),
    ...written(changed ? warnAbout(fleet, request, release) : warnOthers(fleet, request, release)),
  });
}

function planRollback(fleet: FleetFacts, request: RollbackRequest): Plan {
  const target = chooseTarget(fleet, request.to);
  const release = target.release ?? request.to ?? "";
  const changed = target.release === undefined || !isServed(fleet, release);
  const problems = [
    ...lostProblems(fleet),
    ...checkFrozen(fleet, request.owner),
    ...checkTokens(fleet),
    ...checkGround(fleet, request),
    ...checkDrift(fleet),
    ...fleet.reached.flatMap((host) => checkSwitch(fleet, host)),
    ...target.problems,
  ];
  const commits = fleet.reached.flatMap((host) => releaseOn(host, release)?.commit ?? []);
  return seal(fleet, request, {
    release,
    commit: commits[0] ?? "",
    changed,
    // It uploads, prepares and migrates nothing.
    stages:
      changed && target.release !== undefined
        ? stagesFor(
            fleet,
            { kind: "rollback", release },
            { prepare: [], data: [], activate: leaving(fleet, release) },
          )
        : [],
    problems: changed ? problems : [],
    // A rollback deletes nothing: whoever needs one may need the next.
    removals: new Map(),
    ...written(changed ? warnAbout(fleet, request, release) : warnOthers(fleet, request, release)),
  });
}

/** A host out of reach is left out, and the plan says so; the others are brought to one release without it. */
function planReconcile(fleet: FleetFacts, request: ReconcileRequest): Plan {
  const found = findLate(fleet);
  const { release = "", late, lacking } = found;
  const names = (hosts: typeof late): readonly string[] => hosts.map(({ host }) => host);
  const changed = release === "" || late.length > 0;
  const artifact = artifactFor(fleet, found, request);
  return seal(fleet, request, {
    release,
    commit: release === "" ? "" : (holderOf(fleet, release)?.commit ?? ""),
    ...(artifact === undefined ? {} : { artifact }),
    changed,
    // The database has had its migration: nothing backs up or migrates.
    stages: stagesFor(
      fleet,
      { kind: "reconcile", release },
      { prepare: names(lacking), data: [], activate: names(late) },
    ),
    problems: [
      ...checkReconcile(fleet, found, request),
      ...(changed
        ? [
            ...checkFrozen(fleet, request.owner),
            ...checkTokens(fleet),
            ...checkGround(fleet, request),
            ...checkDrift(fleet),
          ]
        : []),
    ],
    // Nobody asked for a new release: what is old is the next deploy's business.
    removals: new Map(),
    ...written(warnReconcile(fleet, request, release, names(lacking))),
  });
}

/** Who goes back: all hosts; from a release that is held, those that do not serve the target as good, and nobody else. */
function leaving(fleet: FleetFacts, target: string): readonly string[] {
  const all = hostsWith(fleet.config, []);
  const isBack = (name: string) => {
    const host = fleet.reached.find((reached) => reached.host === name);
    return host !== undefined && servesGood(host, target);
  };
  return heldOn(fleet).length === 0 ? all : all.filter((name) => !isBack(name));
}

function everywhere({ config }: FleetFacts): Scope {
  const all = hostsWith(config, []);
  return { prepare: all, data: all, activate: all };
}

type Chosen = Pick<
  Plan,
  "release" | "commit" | "forced" | "artifact" | "changed" | "stages" | "problems" | "warnings" | "passing"
> & {
  readonly removals: ReadonlyMap<string, readonly Removal[]>;
};

function seal(fleet: FleetFacts, request: PlanRequest, { removals, ...chosen }: Chosen): Plan {
  const { config } = fleet;
  const maxUnavailable = strategies[config.activate.strategy].maxUnavailable?.(config);
  const draft: Omit<Plan, "headline" | "digest"> = {
    schema: 3,
    kind: request.kind,
    app: config.app,
    environment: config.environment,
    ...(request.configDigest === undefined ? {} : { configDigest: request.configDigest }),
    ...(config.url === undefined ? {} : { url: config.url }),
    deployTo: config.deployTo,
    ...(takesOver(fleet, request) ? { takeOver: request.takeOver } : {}),
    shared: config.shared,
    leader: config.leader,
    ...(maxUnavailable === undefined ? {} : { maxUnavailable }),
    ...(request.jumpHost === undefined ? {} : { jumpHost: request.jumpHost }),
    ...(request.kind === "deploy" && config.assets?.publish !== undefined
      ? { publish: config.assets.publish }
      : {}),
    ...diagnoseOf(fleet, chosen),
    ...chosen,
    ...reusesOf(fleet, chosen),
    problems: [
      ...chosen.problems,
      ...(chosen.changed ? [...checkPool(fleet, chosen.stages), ...checkHuts(config, chosen)] : []),
    ],
    hosts: plannedHosts(fleet, request, chosen.release, removals),
    ...(config.without === undefined ? {} : { without: config.without }),
  };
  const whole = { ...draft, headline: planHeadline(draft) };
  return { ...whole, digest: planDigest(whole) };
}

function diagnoseOf(fleet: FleetFacts, { stages }: Pick<Plan, "stages">): Pick<Plan, "diagnose"> {
  const { diagnose = [] } = fleet.config.activate;
  const commands = diagnose.map((command) => ({ timeout: longestDiagnose, ...command }));
  const steps = commandSteps(commands, { fleet, hosts: switchedHosts({ stages }) });
  return steps.some(({ hosts }) => hosts.length > 0) ? { diagnose: steps } : {};
}

/** Milliseconds, unless told: the hosts wait for it to go back. */
const longestDiagnose = 10_000;

function plannedHosts(
  fleet: FleetFacts,
  { kind }: PlanRequest,
  to: string,
  removals: Chosen["removals"],
): readonly PlannedHost[] {
  return fleet.config.hosts.map(({ name, address, port, username, roles }) => {
    const facts = fleet.reached.find(({ host }) => host === name);
    const from = facts === undefined ? null : liveRelease(facts);
    const back = facts === undefined || kind === "reconcile" ? undefined : backOf(fleet, facts, to);
    const unreached = facts === undefined ? { reached: false as const } : {};
    return {
      host: name,
      address,
      port,
      username,
      roles,
      from,
      to,
      ...(back === undefined ? {} : { back }),
      ...(facts?.drained === undefined ? {} : { drained: true as const }),
      ...unreached,
      removals: removals.get(name) ?? [],
    };
  });
}

function removalsOf(fleet: FleetFacts, release: string): ReadonlyMap<string, readonly Removal[]> {
  const judged = planRetention({ facts: fleet.reached, keep: fleet.config.keepReleases, release });
  return new Map(
    judged.map(({ host, verdicts }) => [
      host,
      verdicts
        .filter(({ keep }) => !keep)
        .map(({ release: id, because }) => ({ release: id, because: because.join("; ") })),
    ]),
  );
}

function checkName(release: string): readonly Problem[] {
  if (isReleaseId(release)) return [];
  const message = `${JSON.stringify(release)} is no release id`;
  const hint = "Use the id an earlier plan gave, like 20261121T084450Z-4f2a91c, or none.";
  return [makeProblem("release-name", message, { hint })];
}
