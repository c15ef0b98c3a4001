import { frame, readAnswer, readLines, wordsOf } from "../answer.ts";
import { checkBase, checkCount, checkJob, checkPath, checkRelease, checkWord, fenceArgs } from "../check.ts";
import type { RemoteCommand } from "../command.ts";
import { scripts } from "../scripts.gen.ts";
import { chunkOf, jobRunning, launchedOf, listOf, statusOf } from "./answer.ts";
import type {
  EndOptions,
  FollowOptions,
  JobFollowed,
  JobLaunched,
  JobList,
  JobOptions,
  JobStatus,
  SettleOptions,
} from "./types.ts";

/**
 * Starts a user's command as a job that outlives the connection, once per job id: asked for again it only tells how
 * the job stands. Throws `fenced`, `tool-missing` (setsid), `env-file-missing`, `job-not-started`, …
 */
export function jobLaunch(options: JobOptions): RemoteCommand<JobLaunched> {
  return {
    name: `job launch ${options.job}`,
    kind: "idempotent",
    script: scripts.launch,
    args: [
      ...fenceArgs(options.fence),
      checkJob(options.job),
      checkRelease(options.release),
      options.directory,
      checkWord("a step", options.step),
      options.envFile === undefined ? "-" : checkPath(options.envFile),
      options.run,
    ],
    payload: false,
    rehearsal: frame("job started running - 1 same - - -"),
    parse: (result) => launchedOf(wordsOf(readLines("job launch", result), "job")),
  };
}

/**
 * How a job stands and what it printed from byte `offset` on, at most 256 KiB. Answers at once when there is
 * something new or the job is over, else after `wait` seconds.
 */
export function jobFollow({ base, job, offset, wait }: FollowOptions): RemoteCommand<JobFollowed> {
  const numbers = [checkCount("an offset", offset), checkCount("seconds", wait)];
  return {
    name: `job follow ${job}`,
    kind: "read",
    script: scripts.job,
    args: ["follow", checkBase(base), checkJob(job), ...numbers],
    payload: false,
    rehearsal: frame(`job ${job} done 0 1 0 0 same - - - - - 0 `),
    parse: (result) => {
      const lines = readLines("job follow", result);
      const status = statusOf(wordsOf(lines, "job"));
      const bytes = chunkOf(lines);
      const over = status.state !== "running" && bytes.length < chunkLimit;
      return { ...status, bytes, offset: offset + bytes.length, over };
    },
  };
}

/** Bytes of output per answer. */
const chunkLimit = 262_144;

/** TERM to the job's process group, KILL after `grace` seconds; a job that is over stays as it is. */
export function jobEnd({ fence, job, grace }: EndOptions): RemoteCommand<JobStatus> {
  return {
    name: `job end ${job}`,
    kind: "idempotent",
    script: scripts.job,
    args: ["end", ...fenceArgs(fence), checkJob(job), checkCount("seconds", grace)],
    payload: false,
    rehearsal: frame(`job ${job} done 143 1 0 0 same - - - ended - 0 `),
    parse: (result) => statusOf(wordsOf(readLines("job end", result), "job")),
  };
}

/**
 * A person's word on a failed or lost job. `retry`: its folder is put aside, so it may run again; `done`: it counts
 * as ended with 0. Throws `job-running`, `job-missing`, `job-done` (a retry of what ended with 0).
 */
export function jobSettle({ fence, job, as }: SettleOptions): RemoteCommand<{ readonly changed: boolean }> {
  return {
    name: `job settle ${job}`,
    kind: "idempotent",
    script: scripts.job,
    args: ["settle", ...fenceArgs(fence), checkJob(job), as],
    payload: false,
    rehearsal: frame("settled 1"),
    parse: (result) => {
      const answer = readAnswer("job settle", result);
      if (answer.refusal?.problem.code === "job-running") throw jobRunning(wordsOf(answer.lines, "running"));
      if (answer.refusal !== undefined) throw answer.refusal;
      return { changed: wordsOf(answer.lines, "settled")[0] === "1" };
    },
  };
}

/** Every job of a host, by name, with the last five lines of its output. */
export function jobList(base: string): RemoteCommand<JobList> {
  return {
    name: "job list",
    kind: "read",
    script: scripts.job,
    args: ["list", checkBase(base)],
    payload: false,
    rehearsal: frame("archived 0"),
    parse: (result) => listOf(readLines("job list", result)),
  };
}
