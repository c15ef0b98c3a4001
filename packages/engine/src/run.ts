import { DeployErrors, findKind, makeReport, type Outcome, type Problem, type Report } from "@deploy/core";
import { contextOf, type Window } from "./context.ts";
import { Bases } from "./deliver/bases.ts";
import type { Fleet } from "./hosts/fleet.ts";
import type { Shown } from "./jobs/follow.ts";
import { type Ledger, openLedger } from "./ledger.ts";
import { readLive } from "./live.ts";
import { dropOwnLock, type Lock, takeLock } from "./lock/lock.ts";
import { lackingMeans, type Means } from "./means.ts";
import { endLeases } from "./pools/leases.ts";
import { planAgain } from "./replan.ts";
import type { Control, Work } from "./types.ts";
import { walk } from "./walk.ts";

/**
 * Carries the named phases of a plan through the fleet and reports what became of every host.
 * Rejects only for a defect, or for means that are missing; whatever a host does ends up in the report.
 */
export async function runPlan(fleet: Fleet, asked: Work, control: Control, means: Means): Promise<Report> {
  const lacking = isIdle(asked, control) ? [] : lackingMeans(asked, means);
  if (lacking.length > 0) throw new DeployErrors(lacking);
  const started = control.clock.now();
  const ledger = openLedger(control.events, control.clock);
  const window: Window = { first: undefined, last: undefined };
  const shown: Shown = { offset: 0, last: "" };
  const bases = new Bases(fleet);
  if (!isIdle(asked, control)) bases.begin(asked, means);
  const lock = isIdle(asked, control) ? undefined : await takeLock(fleet, asked, control, { ledger, shown });
  const work = lock?.waited === true ? await planAgain(fleet, asked, control) : asked;
  if (lock !== undefined && !isIdle(work, control)) {
    const context = contextOf({ ...work, fleet, control, means, ledger, lock, window, shown, bases });
    await walk(context);
    await endLeases(context);
  }
  bases.close();
  const report = makeReport({
    ...work,
    outcomes: ledger.outcomes,
    live: await readLive(fleet, work.plan, ledger.outcomes, control.dryRun),
    dryRun: control.dryRun,
    cancelled: control.signal.aborted,
    timings: timingsOf(control.clock.now() - started, window),
    extraProblems: lostLock(lock, ledger),
  });
  await lock?.end(control.keepLock === true || isOpen(report, ledger.outcomes));
  if (lock === undefined && !work.plan.changed) await dropOwnLock(fleet, work, control.owner);
  return report;
}

/**
 * What is live, or whether the migration goes on, is not known: the lock stays, so that nobody else starts before it is.
 * A host that was never reached (a reconcile leaves it out) was not touched either. Where all is taken back and proved, what a
 * cancelled command came to matters to nobody.
 */
function isOpen({ result, hosts }: Report, outcomes: readonly Outcome[]): boolean {
  if (result === "reverted") return false;
  const lasts = ({ step, undoes }: Outcome) => undoes !== undefined || findKind(step)?.lasts === true;
  if (outcomes.some((outcome) => outcome.status === "unknown" && lasts(outcome))) return true;
  return result === "attention" && hosts.every(({ outcomes: own }) => own.length > 0);
}

/** Why a run stopped that was fenced between two steps: where a step met it, that step tells. */
function lostLock(lock: Lock | undefined, { outcomes }: Ledger): readonly Problem[] {
  const told = outcomes.some(({ problem }) => problem?.code === "fenced");
  return lock?.problem === undefined || told ? [] : [lock.problem];
}

function isIdle({ plan }: Work, { signal }: Control): boolean {
  return plan.problems.length > 0 || !plan.changed || signal.aborted;
}

function timingsOf(total: number, { first, last }: Window): Report["timings"] {
  return first === undefined || last === undefined ? { total } : { total, window: last - first };
}
