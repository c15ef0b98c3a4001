import type { ErrorCode } from "../errors.ts";
import type { Live, Outcome, Result } from "../outcomes.ts";
import { type Phase, stepsOf, switchedHosts } from "../plan/stages.ts";
import type { Plan, PlannedHost } from "../plan/types.ts";
import type { Effect } from "../steps/kind.ts";
import { findKind } from "../steps/kinds.ts";

/** Everything a result is decided from. */
export interface RunFacts {
  readonly plan: Plan;
  /** What the run was to do; absent: all of it. */
  readonly phases?: readonly Phase[];
  readonly outcomes: readonly Outcome[];
  /** Read from the hosts at the end. */
  readonly live: readonly Live[];
  readonly dryRun?: boolean;
  readonly cancelled: boolean;
}

/**
 * What a run came to. `deployed` needs proof from every host: each planned step ok, and the release read back.
 * What is missing, failed or unknown is never taken for success; after a switch it is `attention`, or `reverted` where all
 * that was changed was undone and read back.
 *
 * A reconcile asks the same of all hosts: one that no step names must serve the release too. One that could not be
 * read makes it `attention` (exit code 4) even where every other host followed: green means that all were read.
 * It does not stand in the way of `failed` and `reverted`: the run never touched it.
 */
export function decideResult(run: RunFacts): Result {
  if (run.dryRun === true) return isDone(run) ? "planned" : "failed";
  if (isDone(run)) {
    if (!activates(run)) return "prepared";
    if (keepers(run.outcomes).length > 0) return isHeld(run) ? "held" : "attention";
    return isEverywhere(run, run.plan.release) ? "deployed" : "attention";
  }
  if (!wasTouched(run)) return decideUntouched(run);
  if (isHeld(run)) return "held";
  if (!isBack(run)) return "attention";
  const switched = liveEffects(run.outcomes).some((outcome) => effectOf(outcome) === "live");
  return switched ? "reverted" : stopped(run);
}

/** Nothing was switched: so nothing changed, unless the run ended where nobody can tell. */
function decideUntouched(run: RunFacts): Result {
  if (isLocked(run.outcomes)) return "locked";
  if (dataIsUnknown(run.outcomes)) return run.cancelled ? "cancelled" : "attention";
  const explained = run.cancelled || run.plan.problems.length > 0 || run.outcomes.some(isBroken);
  const unread = run.plan.hosts.some((planned) => nowOn(run, planned) === undefined);
  return unread && !explained ? "attention" : stopped(run);
}

/** What a cancel itself did. */
const ended = new Set<ErrorCode>(["backup-cancelled", "command-ended", "job-ended"]);

function stopped({ cancelled, outcomes }: RunFacts): Result {
  const broken = outcomes.some(
    ({ status, problem }) => status === "failed" && !ended.has(problem?.code ?? "internal"),
  );
  return cancelled && !broken ? "cancelled" : "failed";
}

/** Every step of the asked phases is ok, by its id, on each of its hosts, and nothing else went wrong on the way. */
function isDone({ plan, phases, outcomes }: RunFacts): boolean {
  if (plan.problems.length > 0 || outcomes.some(isBroken)) return false;
  const done = new Set(outcomes.filter(({ status }) => status === "ok").map(keyOf));
  return stepsOf(plan, phases).every(({ id, hosts }) => hosts.every((host) => done.has(keyOf({ id, host }))));
}

function keyOf({ id, host }: Pick<Outcome, "id" | "host">): string {
  return `${id} ${host}`;
}

function activates({ phases }: RunFacts): boolean {
  return phases === undefined || phases.includes("activate");
}

function isBroken({ status }: Outcome): boolean {
  return status === "failed" || status === "unknown";
}

/** What a step of this kind changes. */
export function effectOf({ step }: Pick<Outcome, "step">): Effect {
  return findKind(step)?.effect ?? "nothing";
}

/** Somebody's `current` was changed by this run, or may have been. */
function wasTouched({ plan, outcomes, live }: RunFacts): boolean {
  return (
    outcomes.some((outcome) => isUndone(outcome) && outcome.status !== "skipped") ||
    outcomes.some(({ undoes }) => undoes !== undefined) ||
    plan.hosts.some(({ host, from, to, reached }) => {
      return reached !== false && from !== to && liveOn(live, host) === to;
    })
  );
}

/** What was changed on hosts, or may have been, and has to be undone to be back. */
export function liveEffects(outcomes: readonly Outcome[]): readonly Outcome[] {
  return outcomes.filter(
    (outcome) => isUndone(outcome) && (outcome.status === "ok" || outcome.status === "unknown"),
  );
}

function isUndone(outcome: Outcome): boolean {
  const effect = effectOf(outcome);
  return effect === "live" || effect === "pool";
}

/** Each host that keeps the release serves it, was told so, and all others are old again. */
function isHeld(run: RunFacts): boolean {
  const told = keepers(run.outcomes);
  if (told.length === 0 || told.some(isBroken)) return false;
  const kept = new Set(told.map(({ host }) => host));
  const serve = run.plan.hosts.filter(({ host }) => kept.has(host));
  return serve.every((planned) => nowOn(run, planned) === run.plan.release) && isBack(run, kept);
}

/** What was said to hosts that keep the release until a person decides. */
export function keepers(outcomes: readonly Outcome[]): readonly Outcome[] {
  return outcomes.filter(({ step, status }) => findKind(step)?.keeps === true && status !== "skipped");
}

/** All old again, but for those that are `kept`: each live effect was undone, and each host the run could touch serves what it is to go back to. */
function isBack(run: RunFacts, kept: ReadonlySet<string> = new Set()): boolean {
  const { plan, outcomes } = run;
  const reverts = outcomes.filter(({ undoes }) => undoes !== undefined);
  const undone = new Set(
    reverts.flatMap(({ host, undoes = [], status }) =>
      status === "ok" ? undoes.map((id) => keyOf({ id, host })) : [],
    ),
  );
  const left = liveEffects(outcomes).filter(({ host }) => !kept.has(host));
  if (reverts.some(isBroken) || !left.every((effect) => undone.has(keyOf(effect)))) return false;
  return plan.hosts
    .filter(({ host, reached }) => reached !== false && !kept.has(host))
    .every((planned) => {
      const before = oldRelease(plan, planned.host);
      return nowOn(run, planned) === before && (isKept(plan, planned.host) || before !== plan.release);
    });
}

/** A reconcile leaves this host alone: it has no old release to be brought back to. */
function isKept(plan: Plan, host: string): boolean {
  return plan.kind === "reconcile" && !switchedHosts(plan).includes(host);
}

/** Everything asked for is done, and only hosts that could not be read when it was planned are missing. */
export function isShort(run: RunFacts): boolean {
  const { hosts, release } = run.plan;
  const missing = hosts.filter((planned) => nowOn(run, planned) !== release);
  return isDone(run) && missing.length > 0 && missing.every(({ reached }) => reached === false);
}

/**
 * What a host serves when all is undone. One whose live release nobody proved goes back to what the fleet was on. A host that an interrupted run of this release had switched already goes
 * back to what the others serve, where they serve one; not in a reconcile, where the others serve the release.
 */
export function oldRelease(plan: Plan, host: string): string | null {
  const planned = plan.hosts.find((entry) => entry.host === host);
  if (planned?.back !== undefined) return planned.back;
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
function dataIsUnknown(outcomes: readonly Outcome[]): boolean {
  return outcomes.some((outcome) => effectOf(outcome) === "data" && outcome.status === "unknown");
}
