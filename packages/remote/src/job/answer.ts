import { DeployError, type JobState } from "@deploy/core";
import { fromHex, wordsOf } from "../answer.ts";
import { quote } from "../quote.ts";
import { numberIn, toldNumber } from "../told.ts";
import type { JobLaunched, JobList, JobStatus } from "./types.ts";

const states: readonly string[] = ["new", "running", "done", "lost", "foreign"] satisfies JobState[];

/** Throws `answer-unreadable`: a state that is not known is none of them. */
export function stateOf(word: string | undefined): JobState {
  if (states.includes(word ?? "")) return word as JobState;
  throw new DeployError("answer-unreadable", `a host told of a job in state ${JSON.stringify(word)}`);
}

/** The name of a job's folder. Throws `answer-unreadable`. */
export function jobOf(word: string | undefined): string {
  if (/^(?!\.{1,2}$)[A-Za-z0-9._~-]{1,130}$/.test(word ?? "")) return word ?? "";
  throw new DeployError(
    "answer-unreadable",
    `a host told of a job named ${JSON.stringify(word?.slice(0, 100))}`,
  );
}

/** started|found STATE CODE PID BOOT WEAKER NOTE TOKEN */
export function launchedOf(words: readonly string[]): JobLaunched {
  const [how, state, code, pid, boot, weaker, , token] = words;
  return {
    started: how === "started",
    state: stateOf(state),
    ...numbers({ code, pid, token }),
    boot: bootOf(boot),
    ...weakness(weaker),
  };
}

/** ID STATE CODE PID AGE SILENT BOOT WEAKER RELEASE STEP NOTE BY ENDED [damaged]; `-` for what is not known */
export function statusOf(words: readonly string[]): JobStatus {
  const [id, state, code, pid, age, silent, boot, weaker, release, step, note, by, ended, damaged] = words;
  return {
    id: jobOf(id),
    state: stateOf(state),
    ...numbers({ code, pid, age, silent, ended }),
    boot: bootOf(boot),
    ...weakness(weaker),
    release: textOf(release),
    step: textOf(step),
    ...(note === "ended" || note === "resolved" ? { note, by: textOf(by) } : {}),
    ...(damaged === "damaged" && { damaged: true }),
  };
}

export function listOf(lines: readonly string[]): JobList {
  const jobs = lines.flatMap((line, at) => {
    if (!line.startsWith("job ")) return [];
    const tail = fromHex((lines[at + 1] ?? "").replace(/^tail /, ""));
    return [{ ...statusOf(line.split(" ").slice(1)), tail: tail.split("\n").filter((text) => text !== "") }];
  });
  return { jobs, archived: toldNumber("archived jobs", wordsOf(lines, "archived")[0]) };
}

/** The bytes of a chunk: encoded, so that no output of a job can pass for an answer. */
export function chunkOf(lines: readonly string[]): Uint8Array {
  for (const encoding of ["base64", "hex"] as const) {
    const line = lines.find((text) => text.startsWith(`${encoding} `));
    if (line !== undefined) return new Uint8Array(Buffer.from(line.slice(encoding.length + 1), encoding));
  }
  return new Uint8Array();
}

/** ID PID SINCE RELEASE STEP LOG(hex) */
export function jobRunning(words: readonly string[]): DeployError {
  const [id = "", pid, since, release, step, log] = words;
  const time = new Date(Number(since) * 1000);
  const when = since === "-" || Number.isNaN(time.getTime()) ? "a time not known" : time.toISOString();
  const process = pid === "-" ? "its process not known" : `process ${pid}`;
  return new DeployError(
    "job-running",
    `job ${id} (${step} of release ${release}, ${process}) runs since ${when}`,
    {
      hint: `Wait until it ends; on that host, follow it with: tail -n +1 -f ${quote(fromHex(log))}`,
      place: { job: id },
    },
  );
}

function numbers<Key extends string>(words: Readonly<Record<Key, string | undefined>>) {
  const values = Object.entries<string | undefined>(words).flatMap(([key, word = ""]) => {
    // A clock that was set back makes an age negative.
    const value = /^-\d{1,15}$/.test(word) ? 0 : numberIn(word);
    return value === undefined ? [] : [[key, value]];
  });
  return Object.fromEntries(values) as { readonly [K in Key]?: number };
}

function bootOf(word: string | undefined): JobStatus["boot"] {
  return word === "same" || word === "other" ? word : "unknown";
}

function weakness(word: string | undefined): { readonly weaker?: "no-flock" } {
  return word === "no-flock" ? { weaker: word } : {};
}

function textOf(word: string | undefined): string {
  return word === undefined || word === "-" ? "" : word;
}
