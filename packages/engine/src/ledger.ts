import type { Outcome } from "@deploy/core";
import type { Clock } from "@deploy/transport";
import type { Answer } from "./hosts/ask.ts";
import type { EngineEvent } from "./types.ts";

/** Of which step an outcome tells; a step of the plan is one. */
export type Of = Pick<Outcome, "id" | "step" | "undoes">;

/** What an ok outcome says; `skipped`: that nothing was done, and why. */
export type Told = Pick<Outcome, "detail" | "warnings" | "backup" | "transfer" | "live"> & {
  readonly skipped?: true;
};

/** What happened so far, in order of completion; every entry is told as it comes. */
export interface Ledger {
  readonly outcomes: readonly Outcome[];
  begin(of: Of, hosts: readonly string[]): void;
  /** Runs one step on one host and books its outcome; the answer's value comes back where it is ok. */
  book<T>(
    host: string,
    of: Of,
    work: () => Promise<Answer<T>>,
    detail: (value: T) => string | Told,
  ): Promise<Answer<T>>;
  /** Books an answer that is known already. */
  add(host: string, of: Of, answer: Answer<string | Told>): void;
  skip(host: string, of: Of, why: string): void;
}

export function openLedger(events: (event: EngineEvent) => void, clock: Clock): Ledger {
  const outcomes: Outcome[] = [];
  const put = (host: string, of: Of, milliseconds: number, rest: Rest): void => {
    const outcome = { host, ...ofOnly(of), milliseconds, ...rest };
    outcomes.push(outcome);
    events({ kind: "outcome", outcome });
  };
  return {
    outcomes,
    begin: ({ step }, hosts) => events({ kind: "step", step, hosts }),
    skip: (host, of, why) => put(host, of, 0, { status: "skipped", detail: why }),
    add: (host, of, answer) =>
      put(
        host,
        of,
        0,
        told(answer, (value) => value, of),
      ),
    async book(host, of, work, detail) {
      const started = clock.now();
      const answer = await work();
      put(host, of, Math.round(clock.now() - started), told(answer, detail, of));
      return answer;
    },
  };
}

type Rest = Omit<Outcome, "host" | "id" | "step" | "undoes" | "milliseconds">;

/** A step of a plan brings more than an outcome names. */
function ofOnly({ id, step, undoes }: Of): Of {
  return { id, step, ...(undoes === undefined ? {} : { undoes }) };
}

function told<T>(answer: Answer<T>, detail: (value: T) => string | Told, { step }: Of): Rest {
  if (answer.status === "ok") {
    const words = detail(answer.value);
    if (typeof words === "string") return { status: "ok", detail: words };
    const { skipped, ...others } = words;
    return { status: skipped === true ? "skipped" : "ok", ...others };
  }
  const { status, exitCode, live } = answer;
  const problem = { ...answer.problem, place: { ...answer.problem.place, step } };
  return {
    status,
    detail: problem.message,
    problem,
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(live === undefined ? {} : { live }),
  };
}
