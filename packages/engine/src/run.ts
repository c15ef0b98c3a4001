import type { Live, Outcome, Plan, Report } from "@deploy/core";
import { makeReport } from "@deploy/core";
import { current } from "@deploy/remote";
import { activate } from "./activate.ts";
import { askSurely } from "./ask.ts";
import type { Context } from "./context.ts";
import { contextOf } from "./context.ts";
import { changeData } from "./data.ts";
import type { Fleet } from "./fleet.ts";
import { linkOf } from "./fleet.ts";
import { openLedger } from "./ledger.ts";
import { takeLock } from "./lock.ts";
import { prepareRelease } from "./prepare.ts";
import type { Phase, RunOptions } from "./types.ts";

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
export async function runPlan(fleet: Fleet, options: RunOptions): Promise<Report> {
  const started = options.clock.now();
  const ledger = openLedger(options.events, options.clock);
  const window = { first: undefined as number | undefined, last: undefined as number | undefined };
  if (options.plan.problems.length === 0 && options.plan.changed && !options.signal.aborted) {
    const lock = await takeLock(fleet, options, ledger);
    if (lock !== undefined) {
      const context = contextOf(fleet, options, ledger, lock, window);
      await walk(context, options.phases);
      // An unknown host keeps the lock: nobody else may start before the truth is read.
      await lock.end(options.keepLock || hasUnknown(ledger.outcomes));
    }
  }
  const live = await readLive(fleet, options, ledger.outcomes);
  const { first, last } = window;
  return makeReport({
    plan: options.plan,
    phases: options.phases,
    outcomes: ledger.outcomes,
    live,
    dryRun: options.dryRun,
    cancelled: options.signal.aborted,
    timings: {
      total: options.clock.now() - started,
      ...(first === undefined || last === undefined ? {} : { window: last - first }),
    },
  });
}

async function walk(context: Context, phases: readonly Phase[]): Promise<void> {
  for (const phase of phases) {
    if (context.stopped() || !(await walks[phase](context))) return;
  }
}

function hasUnknown(outcomes: readonly Outcome[]): boolean {
  return outcomes.some((outcome) => outcome.status === "unknown");
}

/** What each host serves now, read from the host: the report is made from facts, not from memory. */
async function readLive(
  fleet: Fleet,
  options: RunOptions,
  outcomes: readonly Outcome[],
): Promise<readonly Live[]> {
  const { plan } = options;
  const untouched = !outcomes.some(({ step, status }) => step === "switch" && status !== "skipped");
  return Promise.all(
    plan.hosts.map(async ({ host, from, to }): Promise<Live> => {
      if (options.dryRun) return { host, release: options.phases.includes("activate") ? to : from };
      if (untouched) return { host, release: from };
      return { host, release: await readRelease(fleet, host, plan) };
    }),
  );
}

async function readRelease(fleet: Fleet, host: string, plan: Plan): Promise<string | null | undefined> {
  const answer = await askSurely(linkOf(fleet, host), current(plan.deployTo));
  if (answer.status !== "ok") return undefined;
  if (answer.value.kind === "release") return answer.value.release;
  return answer.value.kind === "none" ? null : undefined;
}
