import type { Live, Outcome, Result } from "../outcomes.ts";
import type { Plan, Step, StepName } from "../plan/types.ts";

/** The engine's phases: upload and prepare commands · backup and migrate · switch, reload, health and finish. */
export type PhaseName = "prepare" | "data" | "activate";

/** Everything a result is decided from. */
export interface RunFacts {
  readonly plan: Plan;
  /** What the run was to do; absent: all of it. */
  readonly phases?: readonly PhaseName[];
  readonly outcomes: readonly Outcome[];
  /** Read from the hosts at the end. */
  readonly live: readonly Live[];
  readonly dryRun?: boolean;
  readonly cancelled: boolean;
}

const phaseSteps: Readonly<Record<PhaseName, readonly StepName[]>> = {
  prepare: ["upload", "prepare"],
  data: ["backup", "migrate"],
  activate: ["switch", "reload", "health", "finish"],
};

/**
 * What a run came to. `deployed` needs proof from every host: each planned step ok, and the release read back.
 * What is missing or unknown is never taken for success; after a switch it is `attention`.
 */
export function decideResult(run: RunFacts): Result {
  if (run.dryRun === true) return isDone(run) ? "planned" : "failed";
  if (isDone(run)) {
    if (!activates(run)) return "prepared";
    return isEverywhere(run, () => run.plan.release) ? "deployed" : "attention";
  }
  if (!wasTouched(run)) return decideUntouched(run);
  if (!isBack(run)) return "attention";
  return wasSwitched(run) ? "reverted" : stopped(run);
}

/** Nothing was switched: so nothing changed, unless the run ended where nobody can tell. */
function decideUntouched(run: RunFacts): Result {
  if (isLocked(run.outcomes)) return "locked";
  if (migrationIsUnknown(run.outcomes)) return "attention";
  const explained = run.cancelled || run.plan.problems.length > 0 || run.outcomes.some(isBroken);
  const unread = run.plan.hosts.some(({ host }) => liveOn(run.live, host) === undefined);
  return unread && !explained ? "attention" : stopped(run);
}

function stopped({ cancelled, outcomes }: RunFacts): Result {
  return cancelled && !outcomes.some(({ status }) => status === "failed") ? "cancelled" : "failed";
}

/** Every planned step of the asked phases is ok on each of its hosts, and nothing went wrong on the way. */
function isDone(run: RunFacts): boolean {
  const { plan, outcomes } = run;
  if (plan.problems.length > 0 || outcomes.some(isBroken)) return false;
  return askedSteps(run).every(
    ({ step, hosts }) =>
      step === "finish" ||
      hosts.every((host) =>
        outcomes.some((outcome) => outcome.host === host && outcome.step === step && outcome.status === "ok"),
      ),
  );
}

function askedSteps({ plan, phases }: RunFacts): readonly Step[] {
  const asked = phases?.flatMap((phase) => phaseSteps[phase]);
  return asked === undefined ? plan.steps : plan.steps.filter(({ step }) => asked.includes(step));
}

function activates(run: RunFacts): boolean {
  return run.phases === undefined || run.phases.includes("activate");
}

/** What fails in `finish` (marking, pruning) is told, and undoes nothing: the release is live and proved by then. */
function isBroken({ step, status }: Outcome): boolean {
  return step !== "finish" && (status === "failed" || status === "unknown");
}

/** Somebody's `current` was changed by this run, or may have been. */
function wasTouched({ plan, outcomes, live }: RunFacts): boolean {
  return (
    outcomes.some(({ step, status }) => (step === "switch" || step === "revert") && status !== "skipped") ||
    plan.hosts.some(({ host, from, to }) => from !== to && liveOn(live, host) === to)
  );
}

function wasSwitched({ outcomes }: RunFacts): boolean {
  return outcomes.some(({ step, status }) => step === "switch" && (status === "ok" || status === "unknown"));
}

/** All old again: each host read, serving what it is to go back to, and the way back was clean. */
function isBack(run: RunFacts): boolean {
  const { plan, outcomes } = run;
  if (outcomes.some((outcome) => outcome.step === "revert" && isBroken(outcome))) return false;
  return (
    isEverywhere(run, (host) => oldRelease(plan, host)) &&
    plan.hosts.every(({ host }) => oldRelease(plan, host) !== plan.release)
  );
}

/**
 * What a host serves when all is undone. A host that an interrupted run of this release had switched already goes
 * back to what the others serve, where they serve one.
 */
export function oldRelease(plan: Plan, host: string): string | null {
  const planned = plan.hosts.find((entry) => entry.host === host);
  if (planned === undefined || planned.from !== planned.to) return planned?.from ?? null;
  const others = [...new Set(plan.hosts.filter(({ from, to }) => from !== to).map(({ from }) => from))];
  return others.length === 1 ? (others[0] ?? null) : planned.from;
}

function isEverywhere({ plan, live }: RunFacts, expected: (host: string) => string | null): boolean {
  return plan.hosts.every(({ host }) => liveOn(live, host) === expected(host));
}

/** Undefined where the host's answer is missing or could not be read. */
export function liveOn(live: readonly Live[], host: string): string | null | undefined {
  return live.find((entry) => entry.host === host)?.release;
}

function isLocked(outcomes: readonly Outcome[]): boolean {
  return outcomes.some(({ step, status, problem }) => {
    return step === "lock" && status === "failed" && problem?.code === "locked";
  });
}

/** A migration that may still be running, or may have run: nothing else may start beside it. */
function migrationIsUnknown(outcomes: readonly Outcome[]): boolean {
  return outcomes.some(({ step, status }) => step === "migrate" && status === "unknown");
}
