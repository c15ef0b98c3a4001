import { canonicalJson } from "./digest.ts";
import { stagesOf, stepsOf, switchedHosts } from "./stages.ts";
import type { Plan, PlannedHost, Stage } from "./types.ts";

/**
 * What has become different since a plan was approved, in words; empty: running the fresh one does what was approved.
 * A host that meanwhile serves the approved release is no difference: an interrupted run of this very plan did that.
 * A reconcile may have become smaller for the same reason: hosts that followed meanwhile are not touched again.
 */
export function comparePlans(approved: Plan, fresh: Plan): readonly string[] {
  return [
    ...compareTexts(approved, fresh),
    ...comparePart("the config file", approved.configDigest, fresh.configDigest),
    ...comparePart("which hosts are left out", approved.without, fresh.without),
    ...compareHosts(approved, fresh),
    ...comparePart("the host that others are reached through", approved.jumpHost, fresh.jumpHost),
    ...comparePart("where and how assets are published", approved.publish, fresh.publish),
    ...compareArtifact(approved, fresh),
    ...comparePart("the shared files and folders", approved.shared, fresh.shared),
    ...comparePart("how many hosts may be away at once", approved.maxUnavailable, fresh.maxUnavailable),
    ...comparePart("what is run on a host that fails", diagnosed(approved), diagnosed(fresh)),
    ...compareSteps(approved, fresh),
  ];
}

const texts = ["kind", "app", "environment", "deployTo", "release", "commit", "leader"] as const;

function compareTexts(approved: Plan, fresh: Plan): readonly string[] {
  return texts
    .filter((key) => approved[key] !== fresh[key])
    .map((key) => `${key === "deployTo" ? "deploy-to" : key} changed ${arrow(approved[key], fresh[key])}`);
}

function compareHosts(approved: Plan, fresh: Plan): readonly string[] {
  const gone = approved.hosts.filter(({ host }) => hostOf(fresh, host) === undefined);
  return [
    ...gone.map(({ host }) => `${host} is no longer a host of this environment`),
    ...fresh.hosts.flatMap((now) => {
      const before = hostOf(approved, now.host);
      return before === undefined ? [`${now.host} is a new host`] : compareHost(before, now);
    }),
  ];
}

const logins = ["address", "port", "username"] as const;

function compareHost(before: PlannedHost, now: PlannedHost): readonly string[] {
  const { host } = now;
  if (before.reached !== now.reached) {
    return [now.reached === false ? `${host} can no longer be reached` : `${host} can be reached now`];
  }
  const planned = new Set(before.removals.map(({ release }) => release));
  const more = now.removals.filter(({ release }) => !planned.has(release));
  return [
    ...(now.from === before.from || now.from === before.to
      ? []
      : [`the release live on ${host} changed ${arrow(before.from, now.from)}`]),
    ...logins
      .filter((key) => now[key] !== before[key])
      .map((key) => `the ${key} of ${host} changed ${arrow(String(before[key]), String(now[key]))}`),
    ...more.map(({ release }) => `release ${release} would be removed from ${host} too`),
  ];
}

function compareSteps(approved: Plan, fresh: Plan): readonly string[] {
  // A fleet that serves the approved release by now needs no steps: less than approved, and no danger.
  if (!fresh.changed) return [];
  const expected = fresh.kind === "reconcile" ? leftOf(approved, fresh) : approved.stages;
  const changed = comparePart("the steps", stepwise(expected), stepwise(fresh.stages));
  if (changed.length > 0) return changed;
  // Those that serve the release by now, or are out of the pool for it, go first, wherever they stood.
  const ahead = fresh.hosts.flatMap(({ host, from, to, drained }) => (from === to || drained ? [host] : []));
  return comparePart(
    "the order in which hosts switch",
    orderOf(expected, ahead),
    orderOf(fresh.stages, ahead),
  );
}

/** The approved steps on the hosts that are still late, or still without the release. */
function leftOf(approved: Plan, fresh: Plan): readonly Stage[] {
  const lacking = stepsOf(fresh, ["prepare"]).flatMap(({ hosts }) => hosts);
  const late = switchedHosts(fresh);
  const before = new Set(stagesOf(approved, ["prepare"]));
  return approved.stages
    .map((stage) => {
      const named = before.has(stage) ? lacking : late;
      const steps = stage.steps.map((step) => ({
        ...step,
        hosts: step.hosts.filter((host) => named.includes(host)),
      }));
      return { ...stage, steps: steps.filter(({ hosts }) => hosts.length > 0) };
    })
    .filter(({ steps }) => steps.length > 0);
}

/**
 * What is done on whom, whichever wave a host is in: a host that is done leaves its place to the next. A step that is gone since
 * it has no hosts any more gives its number to the next.
 */
function stepwise(stages: readonly Stage[]): unknown {
  const inWaves = new Map<string, unknown[]>();
  for (const { kind, steps } of stages) {
    for (const { id: _, hosts, ...step } of kind === "wave" ? steps : []) {
      for (const host of hosts) inWaves.set(host, [...(inWaves.get(host) ?? []), step]);
    }
  }
  const others = stages.filter(({ kind }) => kind !== "wave");
  return [
    others.map((stage) => ({ ...stage, steps: stage.steps.map(({ id: _, ...step }) => step) })),
    Object.fromEntries(inWaves),
  ];
}

/** Whom it is run on follows from who is switched. */
function diagnosed({ diagnose = [] }: Plan): unknown {
  return diagnose.map(({ hosts: _, ...command }) => command);
}

function orderOf(stages: readonly Stage[], ahead: readonly string[]): readonly string[] {
  const inWaves = stages.flatMap(({ kind, steps }) =>
    kind === "wave" ? steps.flatMap(({ hosts }) => hosts) : [],
  );
  return [...new Set(inWaves)].filter((host) => !ahead.includes(host));
}

function compareArtifact(approved: Plan, fresh: Plan): readonly string[] {
  if (fresh.kind === "reconcile" && fresh.artifact === undefined) return [];
  return comparePart("the artifact", approved.artifact, fresh.artifact);
}

function comparePart(name: string, approved: unknown, fresh: unknown): readonly string[] {
  return canonicalJson(approved) === canonicalJson(fresh) ? [] : [`${name} changed`];
}

function hostOf(plan: Plan, host: string): PlannedHost | undefined {
  return plan.hosts.find((entry) => entry.host === host);
}

function arrow(before: string | null, now: string | null): string {
  return `from ${before || "nothing"} to ${now || "nothing"}`;
}
