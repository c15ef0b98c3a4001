import type { Outcome, OutcomeStep, Result } from "../outcomes.ts";
import type { Plan } from "../plan/types.ts";

/** What a run tells of itself while it goes on, a line of JSON each: for whoever watches it from another process. */
export type RunLine =
  | (RunBegin & { readonly kind: "plan" })
  | { readonly kind: "step"; readonly step: OutcomeStep; readonly hosts: readonly string[] }
  | { readonly kind: "outcome"; readonly outcome: RunOutcome }
  | { readonly kind: "end"; readonly result: Result; readonly headline: string };

export interface RunBegin {
  readonly what: Plan["kind"];
  readonly release: string;
  /** When it began, ISO 8601. */
  readonly time: string;
  /** `ann@desk`. */
  readonly by: string;
  /** Of whoever runs it: `4242.1f0a9b3c`. */
  readonly process: string;
  readonly stages: readonly { readonly name: string; readonly steps: readonly RunStep[] }[];
}

export interface RunStep {
  readonly id: string;
  readonly step: string;
  readonly hosts: readonly string[];
}

export type RunOutcome = Pick<Outcome, "host" | "id" | "step" | "status" | "detail" | "milliseconds">;

/** A run as far as it told. */
export interface Run extends RunBegin {
  /** `step host`: begun, whatever came of it. */
  readonly begun: ReadonlySet<string>;
  readonly outcomes: readonly RunOutcome[];
  readonly end?: { readonly result: Result; readonly headline: string };
}

/** The first line of a run. Hosts' output is not in it: the terminal that runs it has that. */
export function beginLine(plan: Plan, who: Pick<RunBegin, "time" | "by" | "process">): RunLine {
  const stages = plan.stages.map(({ kind, name, steps }) => ({
    name: kind === "wave" ? `wave ${name ?? ""}`.trim() : kind,
    steps: steps.map(({ id, step, hosts }) => ({ id, step, hosts })),
  }));
  return { kind: "plan", what: plan.kind, release: plan.release, ...who, stages };
}

/** From the lines so far; undefined before the first. A last line that is half written, or another version's, is left out; a second plan begins anew. */
export function readRun(text: string): Run | undefined {
  let run: Run | undefined;
  for (const line of text.split("\n").map(parse)) {
    if (line === undefined) continue;
    if (line.kind === "plan" && isPlan(line)) run = { ...line, begun: new Set(), outcomes: [] };
    else if (run === undefined) continue;
    else if (line.kind === "step")
      run = { ...run, begun: new Set([...run.begun, ...line.hosts.map((host) => `${line.step} ${host}`)]) };
    else if (line.kind === "outcome") run = { ...run, outcomes: [...run.outcomes, line.outcome] };
    else if (line.kind === "end") run = { ...run, end: line };
  }
  return run;
}

const isPlan = ({ stages, time, what }: RunBegin): boolean =>
  Array.isArray(stages) && !Number.isNaN(Date.parse(time)) && /^(deploy|rollback|reconcile)$/.test(what);

function parse(text: string): RunLine | undefined {
  try {
    const line: unknown = JSON.parse(text);
    return typeof line === "object" && line !== null ? (line as RunLine) : undefined;
  } catch {
    return undefined;
  }
}
