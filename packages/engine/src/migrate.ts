import type { JobState, Problem, Step } from "@deploy/core";
import { type JobFollowed, jobEnd, jobLaunch, jobSettle } from "@deploy/remote";
import { type Answer, askSurely } from "./ask.ts";
import type { Context } from "./context.ts";
import { runDiagnosis } from "./diagnose.ts";
import type { Link } from "./fleet.ts";
import { type Followed, followJob, migrationJob, type Watch } from "./follow.ts";

type Failed = Extract<Answer<string>, { status: "failed" | "unknown" }>;
type Migrate = Extract<Step, { step: "migrate" }>;

/**
 * Starts the migration as a job that outlives this run, or attaches to the one there is. It is ok only where an exit
 * code of 0 was read; what failed or was lost earlier needs a person's word (`migration` of RunOptions) to go on.
 */
export async function migrateOnce(context: Context, link: Link, step: Migrate): Promise<Answer<string>> {
  await context.lock.enter("migrating");
  const found = await launch(context, link, step);
  if (found.status !== "ok") return found;
  if (context.options.dryRun) return { status: "ok", value: "would run once" };
  const followed = await followJob(context.options, link, watchOf(context, link, step), context.shown);
  if (followed.status !== "ok") return leftRunning(context, link, followed.problem.message);
  if (followed.value.end !== "over") return stopWaiting(context, link, step, followed.value);
  return ended(context, link, followed.value.job, found.value);
}

/** `true`: it was there before this run. */
async function launch(context: Context, link: Link, step: Migrate): Promise<Answer<boolean>> {
  const first = await start(context, link, step);
  if (first.status !== "ok") return first;
  const { state, code, started, token } = first.value;
  // Ours too where the connection broke before the launch was answered, and it was asked again.
  const before = !started && token !== context.fence().token;
  const word = before ? wordOn(context, state, code) : undefined;
  if (word !== undefined) {
    const settled = await askSurely(link, jobSettle({ ...jobOf(context), as: word }));
    if (settled.status !== "ok") return settled;
    const second = word === "retry" ? await start(context, link, step) : first;
    return second.status === "ok" ? { status: "ok", value: word === "done" } : second;
  }
  if (state === "running" && before) {
    context.options.events({
      kind: "note",
      host: link.host.name,
      text: "attached to the migration that runs already",
    });
  }
  return { status: "ok", value: before };
}

/** What a person said about a migration that failed, or was lost, in an earlier run. */
function wordOn(
  { options }: Context,
  state: JobState,
  code: number | undefined,
): "retry" | "done" | undefined {
  const { retry = false, resolve } = options.migration ?? {};
  if (state === "lost") return resolve;
  return state === "done" && code !== 0 && retry ? "retry" : undefined;
}

function start(context: Context, link: Link, { run, envFile }: Migrate) {
  const command = { release: context.plan.release, directory: "release", step: "migrate", run } as const;
  return askSurely(
    link,
    jobLaunch({ ...jobOf(context), ...command, ...(envFile === undefined ? {} : { envFile }) }),
  );
}

function jobOf(context: Context) {
  return { fence: context.fence(), job: migrationJob(context.plan.release) };
}

function watchOf(context: Context, link: Link, step: Migrate): Watch {
  const { diagnose } = step;
  return {
    ...(diagnose === undefined ? {} : { diagnose: () => runDiagnosis(context, link, step, diagnose) }),
    base: context.plan.deployTo,
    job: migrationJob(context.plan.release),
    silence: step.silence,
    ...(step.timeout === undefined ? {} : { timeout: step.timeout }),
    ...(step.silenceTimeout === undefined ? {} : { silenceTimeout: step.silenceTimeout }),
  };
}

function ended(context: Context, link: Link, job: JobFollowed, before: boolean): Answer<string> {
  const host = link.host.name;
  if (job.state === "lost" && job.damaged !== true)
    return failed("job-lost", `the migration on ${host} began and left no exit code`, host);
  if (job.state !== "done" || job.code === undefined) {
    return failed("job-damaged", `what became of the migration on ${host} cannot be read`, host);
  }
  if (job.code !== 0)
    return { ...failed("migration-failed", failure(job.code, before), host), exitCode: job.code };
  const how = job.note === "resolved" ? `taken as done by ${job.by}` : "exited 0";
  return { status: "ok", value: before ? `was run already: ${how}` : how };

  function failure(code: number, earlier: boolean): string {
    const signal =
      code > 128 ? ` (signal ${code - 128}${code === 137 ? ", perhaps out of memory" : ""})` : "";
    return `the migration of ${context.plan.release} exited ${code}${signal}${earlier ? " in an earlier run" : ""}`;
  }
}

/** Cancelled, or a timeout of the config is over: `on-cancel` says whether the job goes on by itself or is ended. */
async function stopWaiting(
  context: Context,
  link: Link,
  step: Migrate,
  { end, job }: Extract<Followed, { end: "cancelled" | "timeout" | "silence" }>,
): Promise<Answer<string>> {
  const why = {
    cancelled: "cancelled",
    timeout: "its timeout is over",
    silence: "its silence-timeout is over",
  }[end];
  if (step.onCancel === "keep") return leftRunning(context, link, why);
  const grace = Math.ceil(step.grace / 1000);
  const answer = await askSurely(link, jobEnd({ ...jobOf(context), grace }));
  if (answer.status !== "ok") return answer;
  return failed(
    "job-ended",
    `${why}: the migration (process ${job.pid ?? "unknown"}) was ended`,
    link.host.name,
  );
}

function leftRunning({ plan }: Context, link: Link, why: string): Answer<string> {
  return {
    status: "unknown",
    problem: {
      code: "job-left-running",
      message: `${why}: the migration of ${plan.release} goes on on ${link.host.name}, and the lock stays`,
      hint: `Follow it with: deploy status --environment ${plan.environment}. Run the same deploy again to attach to it.`,
      place: { host: link.host.name },
    },
  };
}

function failed(code: Problem["code"], message: string, host: string): Failed {
  const hint = hints[code] ?? "";
  return { status: "failed", problem: { code, message, hint, place: { host } } };
}

const hints: Partial<Record<Problem["code"], string>> = {
  "migration-failed": "Mend the cause, then run again with `retry: true` (or deploy a commit that mends it).",
  "job-lost":
    "Look at the database, then run again with `resolve: retry` (run it anew) or `resolve: done` (it was whole).",
  "job-damaged":
    "Look at .deploy/jobs on the leader, then run again with `resolve: retry` or `resolve: done`.",
  "job-ended": "Run again with `retry: true` to start it anew.",
};
