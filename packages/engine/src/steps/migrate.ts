import { type JobState, makeProblem, type NextMove, type StepOf } from "@deploy/core";
import { type JobFollowed, jobEnd, jobLaunch, jobSettle } from "@deploy/remote";
import type { Context } from "../context.ts";
import { type Answer, askSurely, failed } from "../hosts/ask.ts";
import { everyHost, note } from "../hosts/fan.ts";
import type { Link } from "../hosts/fleet.ts";
import { runDiagnosis } from "../jobs/diagnose.ts";
import { type Followed, followJob, jobName, type Watch } from "../jobs/follow.ts";
import type { Runner } from "./runner.ts";

/** The migration, and the one after every host is on the release: a job each. */
export type Migration = StepOf<"migrate" | "after">;

export const runner: Runner<"migrate"> = {
  run: (context, step) =>
    everyHost(
      context,
      step,
      step.hosts,
      (link) => migrateOnce(context, link, step),
      (detail) => detail,
    ),
};

/**
 * Starts the migration as a job that outlives this run, or attaches to the one there is. It is ok only where an exit
 * code of 0 was read; what failed or was lost earlier needs a person's word (`migration` of Control) to go on.
 */
export async function migrateOnce(context: Context, link: Link, step: Migration): Promise<Answer<string>> {
  await context.lock.enter("migrating");
  const found = await launch(context, link, step);
  if (found.status !== "ok") return found;
  if (context.control.dryRun) return { status: "ok", value: "would run once" };
  const followed = await followJob(context.control, link, watchOf(context, link, step), context.shown);
  if (followed.status !== "ok") return leftRunning(context, link, followed.problem.message);
  if (followed.value.end !== "over") return stopWaiting(context, link, step, followed.value);
  return ended(context, link, followed.value.job, found.value);
}

/** `true`: it was there before this run. */
async function launch(context: Context, link: Link, step: Migration): Promise<Answer<boolean>> {
  const first = await start(context, link, step);
  if (first.status !== "ok") return first;
  const { state, code, started, token } = first.value;
  // Ours too where the connection broke before the launch was answered, and it was asked again.
  const before = !started && token !== context.fence().token;
  const word = before ? wordOn(context, state, code) : undefined;
  if (word !== undefined) {
    const settled = await askSurely(link, jobSettle({ ...jobOf(context, step), as: word }));
    if (settled.status !== "ok") return settled;
    const second = word === "retry" ? await start(context, link, step) : first;
    return second.status === "ok" ? { status: "ok", value: word === "done" } : second;
  }
  if (state === "running" && before) note(context, link, "attached to the migration that runs already");
  return { status: "ok", value: before };
}

/** What a person said about a migration that failed, or was lost, in an earlier run. */
function wordOn(
  { control }: Context,
  state: JobState,
  code: number | undefined,
): "retry" | "done" | undefined {
  const { retry = false, resolve } = control.migration ?? {};
  if (state === "lost") return resolve;
  return state === "done" && code !== 0 && retry ? "retry" : undefined;
}

function start(context: Context, link: Link, step: Migration) {
  const { run, envFile } = step;
  const command = { release: context.plan.release, directory: "release", step: step.step, run } as const;
  return askSurely(
    link,
    jobLaunch({ ...jobOf(context, step), ...command, ...(envFile === undefined ? {} : { envFile }) }),
  );
}

function jobOf(context: Context, { step }: Pick<Migration, "step">) {
  return { fence: context.fence(), job: jobName(step, context.plan.release) };
}

function watchOf(context: Context, link: Link, step: Migration): Watch {
  const { diagnose } = step;
  return {
    ...(diagnose === undefined ? {} : { diagnose: () => runDiagnosis(context, link, step, diagnose) }),
    base: context.plan.deployTo,
    job: jobName(step.step, context.plan.release),
    silence: step.silence,
    ...(step.timeout === undefined ? {} : { timeout: step.timeout }),
    ...(step.silenceTimeout === undefined ? {} : { silenceTimeout: step.silenceTimeout }),
  };
}

function ended(context: Context, link: Link, job: JobFollowed, before: boolean): Answer<string> {
  const host = link.host.name;
  if (job.state === "lost" && job.damaged !== true) {
    return failed(
      link,
      makeProblem("job-lost", `the migration on ${host} began and left no exit code`, resolved(look)),
    );
  }
  if (job.state !== "done" || job.code === undefined) {
    const message = `what became of the migration on ${host} cannot be read`;
    return failed(link, makeProblem("job-damaged", message, resolved(lookAtJob)));
  }
  if (job.code !== 0) {
    const problem = makeProblem("migration-failed", failure(context.plan.release, job.code, before));
    return { ...failed(link, problem), exitCode: job.code };
  }
  const how = job.note === "resolved" ? `taken as done by ${job.by}` : "exited 0";
  return { status: "ok", value: before ? `was run already: ${how}` : how };
}

const look = "Look at the database";
const lookAtJob = "Look at .deploy/jobs on the leader";

/** Only a person can say what became of it. */
function resolved(first: string): NextMove {
  const move = (retry: string, done: string): string =>
    `${first}, then run again with \`${retry}\` (run it anew) or \`${done}\` (it was whole).`;
  return {
    hint: move("--resolve retry", "--resolve done"),
    inAction: move("resolve: retry", "resolve: done"),
  };
}

function failure(release: string, code: number, earlier: boolean): string {
  const signal = code > 128 ? ` (signal ${code - 128}${code === 137 ? ", perhaps out of memory" : ""})` : "";
  return `the migration of ${release} exited ${code}${signal}${earlier ? " in an earlier run" : ""}`;
}

/** Cancelled, or a timeout of the config is over: `on-cancel` says whether the job goes on by itself or is ended. */
async function stopWaiting(
  context: Context,
  link: Link,
  step: Migration,
  { end, job }: Extract<Followed, { end: "cancelled" | "timeout" | "silence" }>,
): Promise<Answer<string>> {
  const why = {
    cancelled: "cancelled",
    timeout: "its timeout is over",
    silence: "its silence-timeout is over",
  }[end];
  if (step.onCancel === "keep") return leftRunning(context, link, why);
  const grace = Math.ceil(step.grace / 1000);
  const answer = await askSurely(link, jobEnd({ ...jobOf(context, step), grace }));
  if (answer.status !== "ok") return answer;
  return failed(
    link,
    makeProblem("job-ended", `${why}: the migration (process ${job.pid ?? "unknown"}) was ended`),
  );
}

function leftRunning({ plan }: Context, link: Link, why: string): Answer<string> {
  const { host } = link;
  const message = `${why}: the migration of ${plan.release} goes on on ${host.name}, and the lock stays`;
  const hint = `Follow it with: deploy status --environment ${plan.environment}. Run the same deploy again to attach to it.`;
  return {
    status: "unknown",
    problem: makeProblem("job-left-running", message, { hint, place: { host: host.name } }),
  };
}
