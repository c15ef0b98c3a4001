import type { Outcome, OutcomeStep } from "@deploy/core";
import type { Clock } from "@deploy/transport";
import type { Answer } from "./ask.ts";
import type { EngineEvent } from "./types.ts";

/** What an ok outcome says; `skipped`: that nothing was done, and why. */
export type Told = Pick<Outcome, "detail" | "backup" | "transfer"> & { readonly skipped?: true };

/** What happened so far, in order of completion; every entry is told as it comes. */
export interface Ledger {
  readonly outcomes: readonly Outcome[];
  begin(step: OutcomeStep, hosts: readonly string[]): void;
  /** Runs one step on one host and books its outcome; the answer's value comes back where it is ok. */
  book<T>(
    host: string,
    step: OutcomeStep,
    work: () => Promise<Answer<T>>,
    detail: (value: T) => string | Told,
  ): Promise<Answer<T>>;
  skip(host: string, step: OutcomeStep, why: string): void;
}

export function openLedger(events: (event: EngineEvent) => void, clock: Clock): Ledger {
  const outcomes: Outcome[] = [];
  const add = (outcome: Outcome): void => {
    outcomes.push(outcome);
    events({ kind: "outcome", outcome });
  };
  return {
    outcomes,
    begin: (step, hosts) => events({ kind: "step", step, hosts }),
    skip: (host, step, why) => add({ host, step, status: "skipped", detail: why, milliseconds: 0 }),
    async book(host, step, work, detail) {
      const started = clock.now();
      const answer = await work();
      const milliseconds = Math.round(clock.now() - started);
      add({ host, step, milliseconds, ...told(answer, detail, step) });
      return answer;
    },
  };
}

function told<T>(
  answer: Answer<T>,
  detail: (value: T) => string | Told,
  step: OutcomeStep,
): Pick<Outcome, "status" | "detail" | "backup" | "transfer" | "problem" | "exitCode"> {
  if (answer.status === "ok") {
    const words = detail(answer.value);
    if (typeof words === "string") return { status: "ok", detail: words };
    const { skipped, ...others } = words;
    return { status: skipped === true ? "skipped" : "ok", ...others };
  }
  const problem = { ...answer.problem, place: { ...answer.problem.place, step } };
  const exitCode = answer.exitCode === undefined ? {} : { exitCode: answer.exitCode };
  return { status: answer.status, detail: problem.message, problem, ...exitCode };
}
