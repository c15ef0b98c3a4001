import { duration } from "../amounts.ts";
import { shortName } from "../plan/headline.ts";
import { stepsOf, wavesOf } from "../plan/stages.ts";
import type { Plan } from "../plan/types.ts";
import { count, few, list } from "../plan/words.ts";
import { kindOf, type Step } from "../steps/kinds.ts";
import { storeWords } from "../steps/storeWords.ts";
import { inText, type Style } from "../style.ts";

/** `Plan: deploy 4f2a91c to production · shop`: what would be done, or that it cannot, or need not. */
export function planTitle(plan: Plan, { plain, code }: Style = inText, named = (id: string) => id): string {
  const where = plain(plan.environment);
  const name = code(plan.kind === "deploy" ? shortName(plan) : named(plan.release));
  const back = plan.release === "" ? "" : ` to ${name}`;
  const what = {
    deploy: `deploy ${name} to ${where}${plan.forced === true ? " again" : ""}`,
    rollback: `roll ${where} back${back}`,
    reconcile: `reconcile ${where}${back}`,
  }[plan.kind];
  return `${opening(plan)}${titled(plan) ?? what} · ${plain(plan.app)}`;

  function titled({ changed, problems }: Plan): string | undefined {
    return changed || problems.length > 0 ? undefined : `${name} is live on ${where}`;
  }
}

function opening({ problems, changed }: Plan): string {
  if (problems.length > 0) return "Cannot ";
  return changed ? "Plan: " : "Nothing to do: ";
}

/** Which hosts, in words: all of them, or their names. */
export function whichHosts(plan: Plan, hosts: readonly string[]): string {
  if (hosts.length === 1) return hosts[0] ?? "";
  if (hosts.length === 2 && plan.hosts.length === 2) return "both hosts";
  return hosts.length === plan.hosts.length ? `all ${hosts.length} hosts` : few(hosts, 10);
}

/** Who logs in where, and through which host: `as deploy`, or each by name where they differ. */
export function loginWords({ hosts, jumpHost }: Plan): string {
  const users = [...new Set(hosts.map(({ username }) => username))];
  const named = (user: string): string =>
    `${user} on ${list(hosts.filter(({ username }) => username === user).map(({ host }) => host))}`;
  const who = users.length === 1 ? (users[0] ?? "") : users.map(named).join(", as ");
  return `as ${who}${jumpHost === undefined ? "" : `, through ${jumpHost}`}`;
}

/** Where the assets go, what is told of it, and what is removed there; undefined: they are not published. */
export function publishWords({ publish }: Plan): string | undefined {
  if (publish === undefined) return undefined;
  const { store, keepReleases, keepFor, cloudfront, purgeUrl } = publish;
  return [
    storeWords(store),
    ...(cloudfront === undefined ? [] : [`CloudFront ${cloudfront} is purged`]),
    ...(purgeUrl === undefined ? [] : [`${purgeUrl} is told what to purge`]),
    `files that neither the newest ${count(keepReleases, "release")} nor the last ${duration(keepFor)} had are removed`,
  ].join("; ");
}

/** How many waves there are, and how many hosts are away at once; undefined: all switch together. */
export function waveWords(plan: Plan): string | undefined {
  const waves = new Set(wavesOf(plan).values());
  if (waves.size === 0 || plan.maxUnavailable === undefined) return undefined;
  const many = waves.size === 1 ? "In one wave" : `In ${waves.size} waves, one after the other`;
  const left = plan.hosts.filter(({ host }) => isLeft(plan, host)).map(({ host }) => host);
  return [
    `${many}: at most ${plan.maxUnavailable} of ${count(plan.hosts.length, "host")} away at once${delayWords(plan)}`,
    ...(left.length === 0 ? [] : [`${list(left)} stay as they are, until a person says`]),
    ...(plan.stages.some(({ onFailure }) => onFailure === "hold")
      ? ["where a wave fails, those before it stay as they are, until a person says"]
      : []),
  ].join("; ");
}

/** It gets the release, and no wave of this plan switches it. */
export function isLeft(plan: Plan, host: string): boolean {
  const waves = wavesOf(plan);
  return plan.kind === "deploy" && waves.size > 0 && !waves.has(host);
}

/** What the waves wait for balancers that let no host go earlier. */
function delayWords(plan: Plan): string {
  const delays = stepsOf(plan)
    .map((step) => kindOf(step).delay?.(step) ?? 0)
    .filter((delay) => delay > 0);
  const [delay = 0] = delays;
  const all = duration(delay * delays.length);
  return delay === 0 ? "" : `; ${delays.length} x ${duration(delay)} of deregistration delay, ${all} in all`;
}

/** What a step runs or asks, one entry per line shown; exactly what will run. */
export function stepCommands(step: Step): readonly string[] {
  return kindOf(step).commands?.(step) ?? [];
}

/** What a step does, in words. */
export function stepWords(plan: Plan, step: Step): string {
  return kindOf(step).words(step, plan);
}

/** One line per release and reason: most hosts drop the same. */
export function groupedRemovals(plan: Plan): readonly {
  readonly release: string;
  readonly because: string;
  readonly hosts: readonly string[];
}[] {
  const groups = new Map<string, { release: string; because: string; hosts: string[] }>();
  for (const { host, removals } of plan.hosts) {
    for (const { release, because } of removals) {
      const key = `${release}\n${because}`;
      const group = groups.get(key) ?? { release, because, hosts: [] };
      group.hosts.push(host);
      groups.set(key, group);
    }
  }
  return [...groups.values()];
}
