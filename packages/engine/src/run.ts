import type { Live, Outcome, OutcomeStep, Plan, Problem, Report } from "@deploy/core";
import { DeployErrors, makeReport } from "@deploy/core";
import { current } from "@deploy/remote";
import { activate } from "./activate.ts";
import { askSurely } from "./ask.ts";
import { Bases } from "./bases.ts";
import { type Context, contextOf, type Window } from "./context.ts";
import { changeData } from "./data.ts";
import type { Fleet } from "./fleet.ts";
import { linkOf } from "./fleet.ts";
import type { Shown } from "./follow.ts";
import { type Ledger, openLedger } from "./ledger.ts";
import { dropOwnLock, type Lock, takeLock } from "./lock.ts";
import { prepareRelease } from "./prepare.ts";
import { planAgain } from "./replan.ts";
import type { Phase, RunOptions } from "./types.ts";
import { unwiredUpload } from "./upload.ts";

/** True: go on with the next phase. */
type Walk = (context: Context) => Promise<boolean>;

const walks: Readonly<Record<Phase, Walk>> = {
  prepare: prepareRelease,
  data: changeData,
  activate,
};

/**
 * Carries the named phases of a plan through the fleet and reports what became of every host.
 * Rejects only for a defect; whatever a host does ends up in the report.
 */
export async function runPlan(fleet: Fleet, asked: RunOptions): Promise<Report> {
  const unwired = isIdle(asked) ? undefined : unwiredUpload(asked);
  if (unwired !== undefined) throw new DeployErrors([unwired]);
  const started = asked.clock.now();
  const ledger = openLedger(asked.events, asked.clock);
  const window: Window = { first: undefined, last: undefined };
  const shown: Shown = { offset: 0, last: "" };
  const bases = new Bases(fleet);
  if (!isIdle(asked)) bases.begin(asked);
  const lock = await begin(fleet, asked, ledger, shown);
  const options = lock?.waited === true ? await planAgain(fleet, asked) : asked;
  if (lock !== undefined && !isIdle(options))
    await walk(contextOf(fleet, options, ledger, lock, window, shown, bases), options.phases);
  bases.close();
  const live = await readLive(fleet, options, ledger.outcomes);
  const report = makeReport({
    plan: options.plan,
    facts: options.facts,
    phases: options.phases,
    outcomes: ledger.outcomes,
    live,
    dryRun: options.dryRun,
    cancelled: options.signal.aborted,
    timings: timingsOf(options.clock.now() - started, window),
    extraProblems: lostLock(lock, ledger),
  });
  await lock?.end(options.keepLock || isOpen(report, ledger.outcomes));
  if (lock === undefined && !options.plan.changed) await dropOwnLock(fleet, options);
  return report;
}

/**
 * What is live, or whether the migration goes on, is not known: the lock stays, so that nobody else starts before it is.
 * A host that was never reached (a reconcile leaves it out) was not touched either.
 */
function isOpen({ result, hosts }: Report, outcomes: readonly Outcome[]): boolean {
  const lasting: readonly OutcomeStep[] = ["migrate", "switch", "reload", "revert"];
  if (outcomes.some(({ step, status }) => status === "unknown" && lasting.includes(step))) return true;
  return result === "attention" && hosts.every(({ outcomes: own }) => own.length > 0);
}

async function begin(
  fleet: Fleet,
  options: RunOptions,
  ledger: Ledger,
  shown: Shown,
): Promise<Lock | undefined> {
  return isIdle(options) ? undefined : takeLock(fleet, options, ledger, shown);
}

/** Why a run stopped that was fenced between two steps: where a step met it, that step tells. */
function lostLock(lock: Lock | undefined, { outcomes }: Ledger): readonly Problem[] {
  const told = outcomes.some(({ problem }) => problem?.code === "fenced");
  return lock?.problem === undefined || told ? [] : [lock.problem];
}

function isIdle({ plan, signal }: RunOptions): boolean {
  return plan.problems.length > 0 || !plan.changed || signal.aborted;
}

function timingsOf(total: number, { first, last }: Window): Report["timings"] {
  return first === undefined || last === undefined ? { total } : { total, window: last - first };
}

async function walk(context: Context, phases: readonly Phase[]): Promise<void> {
  for (const phase of phases) {
    if (context.stopped() || !(await walks[phase](context))) return;
  }
}

/** What each host serves now, read from the host: the report is made from facts, not from memory. */
async function readLive(
  fleet: Fleet,
  options: RunOptions,
  outcomes: readonly Outcome[],
): Promise<readonly Live[]> {
  const { plan } = options;
  const untouched = !outcomes.some(({ step, status }) => step === "switch" && status !== "skipped");
  // `finish` is ok only where the host found `current` to be the release: that was the reading.
  const finished = new Set(
    outcomes.filter(({ step, status }) => step === "finish" && status === "ok").map(({ host }) => host),
  );
  return Promise.all(
    plan.hosts.map(async ({ host, from, to, reached }): Promise<Live> => {
      if (reached === false) return { host, release: undefined };
      if (options.dryRun || untouched) return { host, release: from };
      if (finished.has(host)) return { host, release: to };
      const release = await readRelease(fleet, host, plan);
      return { host, release: release === undefined && neverTold(host, outcomes) ? from : release };
    }),
  );
}

/** Lost before anybody was told to switch: it serves what it served, whether it can be reached or not. */
function neverTold(name: string, outcomes: readonly Outcome[]): boolean {
  return outcomes.some(
    ({ host, step, status, problem }) =>
      host === name && step === "switch" && status === "failed" && problem?.code === "connection-lost",
  );
}

async function readRelease(fleet: Fleet, host: string, plan: Plan): Promise<string | null | undefined> {
  const answer = await askSurely(linkOf(fleet, host), current(plan.deployTo));
  if (answer.status !== "ok") return undefined;
  if (answer.value.kind === "release") return answer.value.release;
  return answer.value.kind === "none" ? null : undefined;
}
