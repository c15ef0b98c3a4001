import type { Live, Outcome, Result } from "../outcomes.ts";
import { lateHosts } from "../plan/headline.ts";
import type { Plan, PlannedHost, Step, StepName } from "../plan/types.ts";

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
 *
 * A reconcile asks the same of all hosts: one that no step names must serve the release too. One that could not be
 * read makes it `attention` (exit code 4) even where every other host followed: green means that all were read.
 * It does not stand in the way of `failed` and `reverted`: the run never touched it.
 */
export function decideResult(run: RunFacts): Result {
  if (run.dryRun === true) return isDone(run) ? "planned" : "failed";
  if (isDone(run)) {
    if (!activates(run)) return "prepared";
    return isEverywhere(run, run.plan.release) ? "deployed" : "attention";
  }
  if (!wasTouched(run)) return decideUntouched(run);
  if (!isBack(run)) return "attention";
  return wasSwitched(run) ? "reverted" : stopped(run);
}

/** Nothing was switched: so nothing changed, unless the run ended where nobody can tell. */
function decideUntouched(run: RunFacts): Result {
  if (isLocked(run.outcomes)) return "locked";
  if (migrationIsUnknown(run.outcomes)) return run.cancelled ? "cancelled" : "attention";
  const explained = run.cancelled || run.plan.problems.length > 0 || run.outcomes.some(isBroken);
  const unread = run.plan.hosts.some((planned) => nowOn(run, planned) === undefined);
  return unread && !explained ? "attention" : stopped(run);
}

function stopped({ cancelled, outcomes }: RunFacts): Result {
  const ended = ({ problem }: Outcome): boolean =>
    problem?.code === "job-ended" || problem?.code === "backup-cancelled";
  const broken = outcomes.some((outcome) => outcome.status === "failed" && !ended(outcome));
  return cancelled && !broken ? "cancelled" : "failed";
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
    plan.hosts.some(({ host, from, to, reached }) => {
      return reached !== false && from !== to && liveOn(live, host) === to;
    })
  );
}

function wasSwitched({ outcomes }: RunFacts): boolean {
  return outcomes.some(({ step, status }) => step === "switch" && (status === "ok" || status === "unknown"));
}

/** All old again: each host the run could touch was read, serves what it is to go back to, and the way was clean. */
function isBack(run: RunFacts): boolean {
  const { plan, outcomes } = run;
  if (outcomes.some((outcome) => outcome.step === "revert" && isBroken(outcome))) return false;
  return plan.hosts
    .filter(({ reached }) => reached !== false)
    .every((planned) => {
      const before = oldRelease(plan, planned.host);
      return nowOn(run, planned) === before && (isKept(plan, planned.host) || before !== plan.release);
    });
}

/** A reconcile leaves this host alone: it has no old release to be brought back to. */
function isKept(plan: Plan, host: string): boolean {
  return plan.kind === "reconcile" && !lateHosts(plan).includes(host);
}

/** Everything asked for is done, and only hosts that could not be read when it was planned are missing. */
export function isShort(run: RunFacts): boolean {
  const { hosts, release } = run.plan;
  const missing = hosts.filter((planned) => nowOn(run, planned) !== release);
  return isDone(run) && missing.length > 0 && missing.every(({ reached }) => reached === false);
}

/**
 * What a host serves when all is undone. A host that an interrupted run of this release had switched already goes
 * back to what the others serve, where they serve one; not in a reconcile, where the others serve the release.
 */
export function oldRelease(plan: Plan, host: string): string | null {
  const planned = plan.hosts.find((entry) => entry.host === host);
  if (planned === undefined || planned.from !== planned.to) return planned?.from ?? null;
  if (plan.kind === "reconcile") return planned.from;
  const others = [...new Set(plan.hosts.filter(({ from, to }) => from !== to).map(({ from }) => from))];
  return others.length === 1 ? (others[0] ?? null) : planned.from;
}

function isEverywhere(run: RunFacts, release: string): boolean {
  return run.plan.hosts.every((planned) => nowOn(run, planned) === release);
}

/** As `liveOn`; nothing is known of a host that was never reached, whatever its planned `from` says. */
export function nowOn({ live }: RunFacts, { host, reached }: PlannedHost): string | null | undefined {
  const now = liveOn(live, host);
  return reached === false && now === null ? undefined : now;
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
