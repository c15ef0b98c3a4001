/** Tests counted: a stage without tests of its own is one test. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export interface Verdict extends Counts {
  /** What to show; shown only when something failed. */
  readonly output: string;
  /** What to show in any case, before the stage's line; what a stage streams itself is not in it. */
  readonly log?: string;
  /** Why something was skipped: one line each in the closing notice. */
  readonly notices: readonly string[];
}

/** One line of `npm test`. */
export interface Stage {
  readonly name: string;
  /** Part of `npm run check`, the loop of seconds. */
  readonly fast: boolean;
  run(): Promise<Verdict>;
}

/** Stages of a lane run one after the other, lanes of a step side by side, and steps one after the other. */
export type Lane = readonly Stage[];
export type Step = readonly Lane[];

/**
 * Runs every stage, whatever the one before it said. `tell` is told of each as it ends, one at a time, and with its
 * seconds. Returns the verdicts in the order of the steps.
 */
export async function runSteps(
  steps: readonly Step[],
  tell: (stage: Stage, verdict: Verdict, seconds: number) => void,
): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  const runLane = async (lane: Lane): Promise<readonly Verdict[]> => {
    const own: Verdict[] = [];
    for (const stage of lane) {
      const start = performance.now();
      const verdict = await stage.run();
      tell(stage, verdict, (performance.now() - start) / 1000);
      own.push(verdict);
    }
    return own;
  };
  for (const step of steps) verdicts.push(...(await Promise.all(step.map(runLane))).flat());
  return verdicts;
}

export const passed: Verdict = { passed: 1, failed: 0, skipped: 0, output: "", notices: [] };

export function failed(output: string): Verdict {
  return { passed: 0, failed: 1, skipped: 0, output, notices: [] };
}

/** A part that is not installed: a notice on a desk, an error in CI, where everything must run. */
export function missing(part: string, fix: string, strict: boolean): Verdict {
  const line = `${part} is not installed: ${fix}`;
  return strict ? failed(line) : { passed: 0, failed: 0, skipped: 1, output: "", notices: [line] };
}

export function verdictOf(ran: { readonly code: number; readonly output: string }): Verdict {
  return ran.code === 0 ? passed : failed(ran.output);
}

export function total(verdicts: readonly Counts[]): Counts {
  const sum = (key: keyof Counts) => verdicts.reduce((all, verdict) => all + verdict[key], 0);
  return { passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped") };
}

/** The last line of `npm test`, always of this form. */
export function closingLine(counts: Counts): string {
  return `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;
}
