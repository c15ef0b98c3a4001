import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type JobFollowed, type JobOptions, type JobStatus, jobFollow, jobLaunch } from "../src/index.ts";
import type { TestHost } from "./host.ts";
import { fenceOf, releaseA } from "./scenario.ts";

export const jobId = `migrate-${releaseA}`;

/** A job of the first release that runs `run`. */
export function launchOf(host: TestHost, run: string, more: Partial<JobOptions> = {}) {
  return jobLaunch({
    fence: fenceOf(host),
    job: jobId,
    release: releaseA,
    directory: "release",
    step: "migrate",
    run,
    ...more,
  });
}

/** Follows to the end, as an engine does: the last state and all output. */
export async function followed(host: TestHost, job = jobId): Promise<readonly [JobFollowed, Buffer]> {
  const parts: Uint8Array[] = [];
  for (let offset = 0; ; ) {
    const answer = await host.ask(jobFollow({ base: host.base, job, offset, wait: 20 }));
    parts.push(answer.bytes);
    offset = answer.offset;
    if (answer.over) return [answer, Buffer.concat(parts)];
  }
}

/** The state now, without waiting. */
export async function stateNow(host: TestHost, job = jobId): Promise<JobFollowed> {
  return await host.ask(jobFollow({ base: host.base, job, offset: 0, wait: 0 }));
}

/** What tests compare: the state with its code. */
export const stateOf = ({ state, code }: Pick<JobStatus, "state" | "code">) =>
  code === undefined ? state : `${state} ${code}`;

/** The process groups that runners of this host led, by the records they left. */
export function groupsOf(host: TestHost): readonly number[] {
  const folder = join(host.base, ".deploy/jobs");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map((name) => join(folder, name, "claim"))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile())
    .map((path) => Number(readFileSync(path, "utf8").split(" ")[1]))
    .filter((pid) => Number.isSafeInteger(pid) && pid > 1);
}

/** Processes of a group that are no zombies. */
export function membersOf(group: number): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      const fields = statOf(name);
      return Number(fields[2]) === group && fields[0] !== "Z";
    })
    .map(Number);
}

function statOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
  } catch {
    return [];
  }
}

/** Ends what a failed test left; true if there was nothing. */
export function cleared(groups: readonly number[]): boolean {
  const left = groups.flatMap(membersOf);
  for (const pid of left) process.kill(pid, "SIGKILL");
  return left.length === 0;
}
