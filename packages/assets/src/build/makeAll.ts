import { availableParallelism } from "node:os";
import type { Setting } from "../compile/setting.ts";
import type { Task } from "../sources/tasks.ts";
import type { BuildOptions } from "../types.ts";
import type { Outcome } from "./made.ts";
import { runPool, workerEntry } from "./pool.ts";
import type { Teller } from "./teller.ts";

/** Below this many files per worker, loading the tools once more takes longer than it saves. */
const filesPerWorker = 10;
/** Each has its own compilers in memory. */
const mostWorkers = 8;

/** Makes all tasks, in workers where that pays. Throws the signal's reason. */
export async function makeAll(
  tasks: readonly Task[],
  setting: Setting,
  options: Pick<BuildOptions, "workers" | "worker" | "signal">,
  teller: Teller,
  onOutcome: (task: Task, outcome: Outcome) => void,
): Promise<void> {
  options.signal?.throwIfAborted();
  const told = (task: Task, outcome: Outcome) => {
    onOutcome(task, outcome);
    teller.step(task.path);
  };
  const workers = countWorkers(tasks.length, options.workers);
  const entry = workers > 1 ? workerEntry(options.worker) : undefined;
  if (entry === undefined) return makeHere(tasks, setting, options.signal, teller, told);
  await runPool({
    setting,
    tasks: tasks.map((task, index) => ({ index, task })),
    workers,
    entry,
    signal: options.signal,
    onOutcome: (index, outcome) => told(tasks[index] as Task, outcome),
    onWarning: teller.warn,
  });
}

/** One: no worker, all in this thread. */
export function countWorkers(tasks: number, asked: number | undefined): number {
  const most = asked ?? Math.min(mostWorkers, availableParallelism());
  return Math.max(1, Math.min(most, Math.ceil(tasks / filesPerWorker)));
}

async function makeHere(
  tasks: readonly Task[],
  setting: Setting,
  signal: AbortSignal | undefined,
  teller: Teller,
  onOutcome: (task: Task, outcome: Outcome) => void,
): Promise<void> {
  if (tasks.length === 0) return;
  const [{ makeBench }, { make }] = await Promise.all([import("./bench.ts"), import("./make.ts")]);
  const bench = makeBench(setting.tools, teller.warn);
  try {
    for (const task of tasks) {
      signal?.throwIfAborted();
      onOutcome(task, await make(bench, task, setting));
      // Lets a signal and other work through between two compilers that do not wait for anything.
      await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    await bench.dispose();
  }
}
