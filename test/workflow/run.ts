/** What act did. */
export interface ActRun {
  /** 0 where every job ended well. */
  readonly code: number;
  /** Every message, as a person would read them; for the words of a failing test. */
  readonly log: string;
  /** success, failure or skipped, by the job's id; a job that was skipped may be absent. */
  readonly jobs: Readonly<Record<string, string>>;
  /** `workflow/called workflow/job name` by the job's id: names are evaluated. */
  readonly names: Readonly<Record<string, string>>;
  /** What each step set, `step id` -> name -> value; later jobs win. */
  readonly outputs: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Every step summary, in order. */
  readonly summaries: readonly string[];
}

interface Line {
  readonly msg?: string;
  readonly job?: string;
  readonly jobID?: string;
  readonly jobResult?: string;
  readonly stepID?: readonly string[];
  readonly command?: string;
  readonly name?: string;
  readonly arg?: string;
  readonly content?: string;
}

/** Reads what act prints with --json. Pure. */
export function readRun(code: number, text: string): ActRun {
  const lines = text.split("\n").map(readLine);
  const jobs: Record<string, string> = {};
  const names: Record<string, string> = {};
  const outputs: Record<string, Record<string, string>> = {};
  const summaries: string[] = [];
  for (const line of lines) {
    const { job, jobID, jobResult } = line;
    if (job !== undefined && jobID !== undefined) names[jobID] = job;
    if (jobResult !== undefined && jobID !== undefined) jobs[jobID] = jobResult;
    if (line.command === "set-output") {
      const step = line.stepID?.at(-1) ?? "";
      outputs[step] = { ...outputs[step], [line.name ?? ""]: line.arg ?? "" };
    }
    if (line.command === "summary" && line.content !== undefined) summaries.push(line.content);
  }
  const log = lines.map(({ job, msg = "" }) => (job === undefined ? msg : `[${job}] ${msg.trimEnd()}`));
  return { code, log: log.join("\n"), jobs, names, outputs, summaries: [...new Set(summaries)] };
}

function readLine(text: string): Line {
  try {
    return JSON.parse(text) as Line;
  } catch {
    return { msg: text };
  }
}
