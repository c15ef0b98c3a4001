import type { ErrorCode, Problem } from "@deploy/core";
import { expect } from "@jest/globals";
import type { Job } from "./job.ts";
import { type Inputs, moveOf } from "./steps.ts";

/** Steps of a job, of which the last meets the fault, and the command that stands for them, with what each is given. */
export interface Met {
  readonly steps: readonly string[];
  readonly given?: Inputs;
  readonly typed: readonly string[];
}

const commit = ["--commit", "1".repeat(40)];
export const planned: Met = { steps: ["plan"], typed: ["plan", ...commit] };
export const uploaded: Met = { steps: ["upload"], typed: ["run", "--yes", ...commit] };
export const activated: Met = { ...uploaded, steps: ["upload", "activate"] };

/** A fault, who meets it, and what the next move says is done about it. */
export interface Row {
  readonly met: Met;
  readonly told: RegExp;
  readonly config?: string;
  /** Made twice: for the command, and for the steps. */
  fault(): unknown;
  /** While the step that meets it runs. */
  during?(): Promise<void>;
  mend(): unknown;
}

export type Rows = readonly (readonly [ErrorCode, string, Row])[];

/** One row, from the fault to success, in both forms. */
export async function carryOut(job: Job, code: ErrorCode, row: Row): Promise<void> {
  job.configure(row.config);
  for (const [page, form] of bothOf(job, row.met).entries()) {
    job.write("site/page", `${page} of ${code}\n`);
    await row.fault();
    const [move] = await Promise.all([form.refused(code), row.during?.()]);
    expect(move).toMatch(row.told);
    await row.mend();
    await form.works();
    job.next();
  }
}

/** The command first, then the steps. */
export const bothOf = (job: Job, met: Met): readonly Form[] => [typed(job, met), stepped(job, met)];

interface Form {
  /** Ends with this code: what it says to do. */
  refused(code: ErrorCode): Promise<string>;
  works(): Promise<unknown>;
}

function typed(job: Job, { typed: [verb, ...more] }: Met): Form {
  const run = () => job.desk(`deploy ${verb}`, ...more, "--json");
  return {
    async refused(code) {
      const { exitCode, out } = await run();
      const { problems = [] }: { problems?: readonly Problem[] } = JSON.parse(out);
      const codes = problems.map((each) => each.code);
      expect([exitCode > 0, codes]).toEqual([true, expect.arrayContaining([code])]);
      return problems.find((each) => each.code === code)?.hint ?? "";
    },
    async works() {
      const { exitCode, out } = await run();
      expect([verb, exitCode, exitCode === 0 ? "" : out]).toEqual([verb, 0, ""]);
    },
  };
}

function stepped(job: Job, { steps, given }: Met): Form {
  const last = steps.at(-1) ?? "";
  return {
    async refused(code) {
      for (const step of steps.slice(0, -1)) await job.works(step, given);
      const ran = await job.step(last, given);
      job.next();
      return moveOf(ran, code);
    },
    async works() {
      for (const step of last === "upload" ? [...steps, "activate"] : steps) await job.works(step, given);
    },
  };
}
