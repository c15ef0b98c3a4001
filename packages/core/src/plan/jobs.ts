import type { JobFacts, ReachedHost } from "../facts.ts";
import type { FleetFacts } from "./fleet.ts";
import type { PlanRequest } from "./request.ts";

/** What jobs on the hosts mean for a run of `release`: those that run, and this release's own that ended badly. */
export function warnJobs(
  { reached }: FleetFacts,
  kind: PlanRequest["kind"],
  release: string,
): readonly string[] {
  return reached.flatMap((host) =>
    (host.jobs ?? []).flatMap((job) => warnJob(host, job, kind === "deploy" && job.release === release)),
  );
}

/** `migration of 20261121T…`, with the job's id: what people look for in the status. */
export function describeJob({ id, release, step = "migrate" }: JobFacts): string {
  const what = isMigration({ step }) ? "migration" : `${step} command`;
  return `${what} of ${release || "an unknown release"} (job ${id})`;
}

export function isMigration({ step = "migrate" }: Pick<JobFacts, "step">): boolean {
  return step === "migrate";
}

export function isFailed({ state, code }: JobFacts): boolean {
  return state === "done" && code !== 0;
}

/** `done, exit code 1`, `running`, `lost`. */
export function jobStateWords({ state, code }: JobFacts): string {
  if (state === "foreign") return "of another version";
  if (state !== "done") return state;
  return code === undefined ? "done, exit code unknown" : `done, exit code ${code}`;
}

function warnJob({ host }: ReachedHost, job: JobFacts, own: boolean): readonly string[] {
  const what = describeJob(job);
  if (job.state === "running") {
    return [
      `${what} is still running on ${host}${own ? ": this run follows it and starts no second one" : ""}`,
    ];
  }
  if (job.state === "foreign") {
    return [
      `job ${job.id} on ${host} was written by another version of deploy: whether it runs is not known`,
    ];
  }
  if (own && job.state === "lost") {
    return [
      `${what} on ${host} began and did not tell its end: this run stops there; look at the database, then say ` +
        "resolve: retry or resolve: done",
    ];
  }
  if (own && isFailed(job)) {
    const how = job.code === undefined ? "an unknown exit code" : `exit code ${job.code}`;
    return [`${what} on ${host} failed with ${how}: this run stops there unless it is told retry: true`];
  }
  return [];
}
