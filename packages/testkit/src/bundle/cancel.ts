import type { ChildProcess } from "node:child_process";

export interface CancelTimes {
  /** From SIGINT to SIGTERM, milliseconds; the runner takes 7500. */
  readonly interrupt?: number;
  /** From SIGTERM to SIGKILL; the runner takes 2500. */
  readonly terminate?: number;
}

/** Stops a process as the runner stops a cancelled step. Resolves, after its end, with the signals it took. */
export async function cancelLikeRunner(
  child: ChildProcess,
  times: CancelTimes = {},
): Promise<NodeJS.Signals[]> {
  const { interrupt = 7500, terminate = 2500 } = times;
  const ended = new Promise<true>((done) => child.once("exit", () => done(true)));
  const over = () => child.exitCode !== null || child.signalCode !== null;
  const sent: NodeJS.Signals[] = [];
  for (const [signal, patience] of [
    ["SIGINT", interrupt],
    ["SIGTERM", terminate],
    ["SIGKILL", 0],
  ] as const) {
    if (over()) break;
    sent.push(signal);
    child.kill(signal);
    if (signal === "SIGKILL") await ended;
    else if (await within(patience, ended)) break;
  }
  return sent;
}

async function within(milliseconds: number, ended: Promise<true>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((done) => {
    timer = setTimeout(() => done(false), milliseconds);
  });
  const first = await Promise.race([ended, late]);
  clearTimeout(timer);
  return first;
}
