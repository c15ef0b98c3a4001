import { roughly } from "@deploy/core";
import { type JobFollowed, jobFollow } from "@deploy/remote";
import { type Answer, ask } from "../hosts/ask.ts";
import type { Link } from "../hosts/fleet.ts";
import type { Control } from "../types.ts";

/** One migration per release: a re-run, and a new run of the same release, find the same job. */
export function migrationJob(release: string): string {
  return jobName("migrate", release);
}

/** Of a step that is a job. */
export function jobName(step: "migrate" | "after", release: string): string {
  return `${step}-${release}`;
}

export function jobsOf(release: string): readonly string[] {
  return [migrationJob(release), jobName("after", release)];
}

/** How much of a job's output was shown already, so that following it twice shows it once. */
export interface Shown {
  offset: number;
  /** The last line that was seen, whole or not. */
  last: string;
}

/** Who watches: is told, and may be told to stop. */
export type Watcher = Pick<Control, "events" | "signal">;

export interface Watch {
  readonly base: string;
  readonly job: string;
  /** Milliseconds without output after which that is told, again and again. */
  readonly silence: number;
  /** Milliseconds since its start or its last output after which following stops; the job is then still running. */
  readonly timeout?: number;
  readonly silenceTimeout?: number;
  /** Says what the job waits for, if anybody can. */
  readonly diagnose?: () => Promise<string>;
}

export type Followed =
  | { readonly end: "over"; readonly job: JobFollowed }
  | { readonly end: "cancelled" | "timeout" | "silence"; readonly job: JobFollowed };

/** The most seconds one question waits on the host (less where silence is told sooner); how often a host that is away is tried again, beyond its link's patience. */
const longest = 5;
const retries = 10;

/**
 * Follows a job until it is over, is told to stop waiting, or cannot be reached any more. Reads only: a cut
 * connection is opened again and the output goes on where it stopped.
 */
export async function followJob(
  control: Watcher,
  link: Link,
  watch: Watch,
  shown: Shown,
): Promise<Answer<Followed>> {
  const decoder = new TextDecoder();
  let told = 0;
  for (let lost = 0; ; ) {
    const answer = await question(control, link, watch, shown);
    if (answer.status !== "ok") {
      if (answer.status === "failed" || control.signal.aborted || lost++ >= retries) return answer;
      await link.reconnect();
      continue;
    }
    lost = 0;
    const job = answer.value;
    show(control, link, decoder.decode(job.bytes, { stream: !job.over }), shown);
    shown.offset = job.offset;
    if (job.over) return { status: "ok", value: { end: "over", job } };
    const stop = stopOf(control, watch, job);
    if (stop !== undefined) return { status: "ok", value: { end: stop, job } };
    told = await tellSilence(control, link, watch, job, shown, job.bytes.length > 0 ? 0 : told);
  }
}

/** Waits on the host for something new; a run that is cancelled meanwhile asks once more, without waiting. */
async function question(
  { signal }: Watcher,
  link: Link,
  { base, job, silence }: Watch,
  { offset }: Shown,
): Promise<Answer<JobFollowed>> {
  const wait = Math.min(longest, Math.ceil(silence / 1_000));
  if (!signal.aborted) {
    const answer = await ask(link, jobFollow({ base, job, offset, wait }), () => ({ signal }));
    if (answer.status !== "unknown" || !signal.aborted) return answer;
  }
  return ask(link, jobFollow({ base, job, offset, wait: 0 }));
}

function show({ events }: Watcher, link: Link, text: string, shown: Shown): void {
  if (text === "") return;
  events({ kind: "output", host: link.host.name, step: "migrate", text });
  shown.last = text.trimEnd().split("\n").at(-1) ?? shown.last;
}

function stopOf(
  { signal }: Watcher,
  { timeout, silenceTimeout }: Watch,
  { age = 0, silent = age }: JobFollowed,
): "cancelled" | "timeout" | "silence" | undefined {
  if (signal.aborted) return "cancelled";
  if (timeout !== undefined && age * 1000 >= timeout) return "timeout";
  return silenceTimeout !== undefined && silent * 1000 >= silenceTimeout ? "silence" : undefined;
}

/** Gives how many silences were told since the last output. */
async function tellSilence(
  { events }: Watcher,
  link: Link,
  { silence, diagnose }: Watch,
  { age = 0, silent = age, pid }: JobFollowed,
  { last }: Shown,
  told: number,
): Promise<number> {
  const due = Math.floor((silent * 1000) / silence);
  if (due <= told) return told;
  const process = pid === undefined ? "" : `, process ${pid} alive`;
  const line = last === "" ? "it has printed nothing yet" : `last line: ${last}`;
  const why = diagnose === undefined ? "" : await diagnose();
  const waits = why === "" ? "" : `; it waits for: ${why}`;
  const text = `no output of the migration for ${roughly(silent * 1000)}${process}, ${line}${waits}`;
  events({ kind: "note", host: link.host.name, text });
  return due;
}
