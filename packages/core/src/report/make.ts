import { makeProblem, type Problem } from "../errors.ts";
import type { Facts } from "../facts.ts";
import { exitCodes, type Outcome } from "../outcomes.ts";
import { wavesOf } from "../plan/stages.ts";
import { stillTrue } from "../plan/warnings.ts";
import { findBackup } from "./backup.ts";
import { reportHeadline } from "./headline.ts";
import { wasMigrated } from "./migrated.ts";
import { nextMoves } from "./next.ts";
import { decideResult, nowOn, oldRelease, type RunFacts } from "./result.ts";
import type { Report } from "./types.ts";

export interface ReportFacts extends RunFacts {
  readonly dryRun: boolean;
  /** What the plan was made from: backups of earlier steps and runs are told from it. */
  readonly facts?: readonly Facts[];
  /** Milliseconds. */
  readonly timings: Report["timings"];
  /** Found beside plan and outcomes; shown with theirs. */
  readonly extraProblems?: readonly Problem[];
}

/** The one report of a run; every rendering and exit code comes from it. */
export function makeReport(run: ReportFacts): Report {
  const { plan } = run;
  const result = decideResult(run);
  const waves = wavesOf(plan);
  const hosts = plan.hosts.map((planned) => ({
    host: planned.host,
    before: planned.from,
    now: nowOn(run, planned),
    outcomes: run.outcomes.filter((outcome) => outcome.host === planned.host),
    ...(waves.has(planned.host) ? { wave: waves.get(planned.host) ?? "" } : {}),
  }));
  const backup = findBackup(run);
  const draft: Omit<Report, "headline" | "next"> = {
    schema: 1,
    result,
    exitCode: exitCodes[result],
    dryRun: run.dryRun,
    app: plan.app,
    environment: plan.environment,
    ...(plan.url === undefined ? {} : { url: plan.url }),
    kind: plan.kind,
    release: plan.release,
    previous: oldRelease(plan, plan.leader),
    changed: plan.changed && (result === "attention" || result === "deployed" || result === "held"),
    planDigest: plan.digest,
    migrated: wasMigrated(run),
    hosts,
    ...(backup === undefined ? {} : { backup }),
    problems: collectProblems(run, result === "attention"),
    warnings: [
      ...stillTrue(plan, [
        ...(run.outcomes.some(({ id, status }) => id === "lock" && status === "ok")
          ? ["locked" as const]
          : []),
        ...(result === "deployed" && !run.dryRun ? ["deployed" as const] : []),
      ]),
      ...run.outcomes.flatMap(warningsOf),
    ],
    timings: run.timings,
  };
  return { ...draft, headline: reportHeadline(run, result), next: nextMoves(draft) };
}

function collectProblems(run: ReportFacts, attention: boolean): readonly Problem[] {
  const unread = attention ? run.plan.hosts.filter((planned) => nowOn(run, planned) === undefined) : [];
  return unique([
    ...run.plan.problems,
    ...inOrder(run).flatMap(problemsOf),
    ...(run.extraProblems ?? []),
    ...unread.map(({ host }) => unreadProblem(host)),
  ]);
}

/** Outcomes by step, as the steps first ended, and by the plan's hosts within one: who was faster says nothing. */
function inOrder({ plan, outcomes }: RunFacts): readonly Outcome[] {
  const ids = [...new Set(outcomes.map(({ id }) => id))];
  const hosts = plan.hosts.map(({ host }) => host);
  const seat = ({ id, host }: Outcome): number => ids.indexOf(id) * hosts.length + hosts.indexOf(host);
  return [...outcomes].sort((one, other) => seat(one) - seat(other));
}

function problemsOf(outcome: Outcome): readonly Problem[] {
  const { host, step, status, detail, problem } = outcome;
  if (problem !== undefined) return [{ ...problem, place: { host, step, ...problem.place } }];
  if (status !== "failed" && status !== "unknown") return [];
  return [makeProblem("step-failed", detail, { place: { host, step } })];
}

function warningsOf({ host, warnings = [] }: Outcome): readonly string[] {
  return warnings.map((warning) => `${host}: ${warning}`);
}

function unreadProblem(host: string): Problem {
  const hint = "Reach the host again, then ask it: `deploy status`.";
  return makeProblem("live-unknown", `what ${host} serves could not be read`, { hint, place: { host } });
}

function unique(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}
