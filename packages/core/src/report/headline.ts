import type { Outcome, Result } from "../outcomes.ts";
import { reachedWords, shortName } from "../plan/headline.ts";
import { withoutWords } from "../plan/leftOut.ts";
import { switchedHosts } from "../plan/stages.ts";
import { count, few, list } from "../plan/words.ts";
import type { Effect } from "../steps/kind.ts";
import { findKind } from "../steps/kinds.ts";
import { effectOf, isShort, keepers, nowOn, type RunFacts } from "./result.ts";

/** The run in one sentence, without its full stop. */
export function reportHeadline(run: RunFacts, result: Result): string {
  const { plan } = run;
  const name = shortName(plan);
  const where = `${count(plan.hosts.length, "host")} of ${plan.environment}${withoutWords(plan)}`;
  const goal = {
    deploy: `did not get ${name}`,
    rollback: "was not rolled back",
    reconcile: "was not reconciled",
  }[plan.kind];
  switch (result) {
    case "deployed":
      return deployedLine(run, name, where);
    case "prepared":
      return `${name} is prepared on ${where}: nothing is switched yet`;
    case "planned":
      return `Dry run: ${plan.headline}; nothing was changed`;
    case "reverted":
      return `${name} failed, ${wentBack(run, where)} went back: ${reason(run)}`;
    case "held":
      return `${name} is held on ${few(keptHosts(run), 3)} of ${plan.environment}: ${whyHeld(run)}; the others serve what they did`;
    case "attention":
      return isShort(run)
        ? shortLine(run, name)
        : `${plan.environment} needs attention: ${censusOf(run)}; ${reason(run)}`;
    case "locked":
      return `${plan.environment} ${goal}: ${reason(run)}`;
    case "cancelled":
      return `Cancelled: ${plan.environment} ${goal}, ${untouched(run)}`;
    case "failed":
      return `${plan.environment} ${goal}: ${reason(run)}; ${untouched(run)}`;
  }
}

function deployedLine({ plan }: RunFacts, name: string, where: string): string {
  if (!plan.changed) return plan.headline;
  return plan.kind === "rollback" ? `${name} is live again on ${where}` : `${name} is live on ${where}`;
}

function keptHosts({ outcomes }: RunFacts): readonly string[] {
  return [...new Set(keepers(outcomes).map(({ host }) => host))];
}

/** What went wrong, or that it was to be so. */
function whyHeld(run: RunFacts): string {
  const wrong = run.outcomes.some(({ status }) => status === "failed" || status === "unknown");
  return wrong ? reason(run) : (keepers(run.outcomes)[0]?.detail ?? "");
}

function wentBack({ plan }: RunFacts, where: string): string {
  return plan.kind === "reconcile" ? few(switchedHosts(plan), 3) : `all ${where}`;
}

/** A reconcile that did all it could. */
function shortLine({ plan }: RunFacts, name: string): string {
  const lost = plan.hosts.flatMap(({ host, reached }) => (reached === false ? [host] : []));
  return `${name} is live on ${reachedWords(plan)} of ${plan.environment}: ${few(lost, 3)} could not be reached`;
}

/** The first thing that went wrong, where and what: the rest is in the table. */
function reason({ plan, outcomes, cancelled }: RunFacts): string {
  const first = outcomes.find(({ status }) => status === "failed" || status === "unknown");
  if (first !== undefined) return sentence(first, outcomes);
  const [problem] = plan.problems;
  if (problem !== undefined) {
    const more = plan.problems.length - 1;
    const place = problem.place.host === undefined ? "" : `${problem.place.host}: `;
    return `${place}${problem.message}${more > 0 ? ` (and ${count(more, "more problem")})` : ""}`;
  }
  return cancelled ? "the run was cancelled" : "the run ended before every step was done";
}

function sentence(first: Outcome, outcomes: readonly Outcome[]): string {
  const same = outcomes.filter(({ step, status }) => step === first.step && status === first.status);
  const hosts = [...new Set(same.map(({ host }) => host))];
  const verb = first.status === "unknown" ? "is unknown" : "failed";
  return `${first.step} ${verb} on ${few(hosts, 3)} (${first.problem?.message ?? first.detail})`;
}

/** `web1 and web2 serve A, web3 could not be read`. */
function censusOf(run: RunFacts): string {
  const groups = new Map<string, string[]>();
  for (const planned of run.plan.hosts) {
    const { host } = planned;
    const release = nowOn(run, planned);
    const key = release === undefined ? "unread" : (release ?? "nothing");
    groups.set(key, [...(groups.get(key) ?? []), host]);
  }
  return [...groups]
    .map(([key, hosts]) =>
      key === "unread"
        ? `${few(hosts, 3)} could not be read`
        : `${few(hosts, 3)} ${hosts.length === 1 ? "serves" : "serve"} ${key}`,
    )
    .join(", ");
}

/** Honest about the database: a migration that ran or began stays, whatever the servers serve. */
function untouched({ outcomes }: RunFacts): string {
  const began = (effect: Effect) =>
    outcomes.find((outcome) => effectOf(outcome) === effect && outcome.status !== "skipped");
  const [data, servers] = [began("data"), began("servers")];
  const touched = [
    ...(servers === undefined ? [] : [`${nounOf(servers)} may have changed servers`]),
    ...(data === undefined ? [] : [`${nounOf(data)} has touched the database`]),
  ];
  return touched.length === 0 ? "nothing was changed" : `no server was switched, but ${list(touched)}`;
}

function nounOf({ step }: Outcome): string {
  return `the ${findKind(step)?.noun ?? step}`;
}
