import { type Facts, roughly } from "@deploy/core";
import type { HostJobs } from "@deploy/engine";

type Job = Extract<HostJobs, { reached: true }>["jobs"][number];

/** The facts with the end of each job's output; of those that ended well only with `all`. */
export function withTails(
  facts: readonly Facts[],
  jobs: readonly HostJobs[],
  all: boolean,
): readonly Facts[] {
  return facts.map((entry) => {
    const found = jobs.find(({ host }) => host === entry.host);
    if (!entry.reached || found?.reached !== true || found.jobs.length === 0) return entry;
    return { ...entry, jobs: found.jobs.map((job) => factsOf(job, all)) };
  });
}

function factsOf({ id, state, code, release, step, tail }: Job, all: boolean) {
  const shown = all || state !== "done" || code !== 0;
  return { id, state, release, step, ...(code === undefined ? {} : { code }), ...(shown ? { tail } : {}) };
}

/** One line for each job that runs: its process, and for how long it runs and is silent. */
export function runningLines(jobs: readonly HostJobs[]): readonly string[] {
  return jobs.flatMap((entry) => {
    const running = entry.reached ? entry.jobs.filter(({ state }) => state === "running") : [];
    return running.map(({ id, pid, age, silent }) => {
      const words = [
        `${id} runs on ${entry.host}`,
        pid === undefined ? "its process is not known" : `process ${pid}`,
        ...(age === undefined ? [] : [`since ${roughly(age * 1000)}`]),
        ...(silent === undefined ? [] : [`last output ${roughly(silent * 1000)} ago`]),
      ];
      return words.join(", ");
    });
  });
}
