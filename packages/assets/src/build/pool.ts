import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { DeployError } from "@deploy/core";
import type { Setting } from "../compile/setting.ts";
import type { Outcome } from "./made.ts";
import { makeQueue, type Numbered, type Queue } from "./queue.ts";
import { type FromWorker, mainAsks, type ToWorker, type WorkerData } from "./worker.ts";

export interface PoolOptions {
  readonly setting: Setting;
  readonly tasks: readonly Numbered[];
  readonly workers: number;
  /** The file a worker runs. */
  readonly entry: string;
  readonly signal: AbortSignal | undefined;
  readonly onOutcome: (index: number, outcome: Outcome) => void;
  readonly onWarning: (text: string) => void;
}

/**
 * The file that workers run: the one given; ours beside this one; in a bundle the main, if it asks `isAssetWorker`.
 * Undefined: there is none.
 */
export function workerEntry(given: string | URL | undefined): string | undefined {
  const { dirname, filename } = import.meta;
  const beside = join(dirname, filename.endsWith(".ts") ? "entry.ts" : "entry.js");
  if (given === undefined && !existsSync(beside)) return mainAsks() ? process.argv[1] : undefined;
  const path = String(given ?? beside);
  const file = path.startsWith("file:") ? fileURLToPath(path) : path;
  return existsSync(file) ? file : undefined;
}

/** Makes all tasks side by side. Rejects when aborted, and with `assets-worker` where a worker dies. */
export async function runPool(options: PoolOptions): Promise<void> {
  const queue = makeQueue(options.tasks, options.workers);
  const started: Worker[] = [];
  const stop = () => void Promise.all(started.map((worker) => worker.terminate()));
  options.signal?.addEventListener("abort", stop, { once: true });
  try {
    await Promise.all(
      Array.from({ length: options.workers }, (_, number) => {
        const worker = start(options);
        started.push(worker);
        return serve(worker, number, queue, options);
      }),
    );
  } catch (error) {
    // A thread that is ended in the middle of loading a tool may still say that the tool is broken.
    options.signal?.throwIfAborted();
    throw error;
  } finally {
    options.signal?.removeEventListener("abort", stop);
    await Promise.all(started.map((worker) => worker.terminate()));
  }
}

function start({ entry, setting }: PoolOptions): Worker {
  const workerData: WorkerData = { deployAssets: true, setting };
  const execArgv = entry.endsWith(".ts") ? ["--disable-warning=ExperimentalWarning"] : [];
  return new Worker(entry, { workerData, execArgv });
}

/** Resolves when the worker has ended in peace. */
function serve(worker: Worker, number: number, queue: Queue, options: PoolOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    let peace = false;
    const died = (why: string) => {
      if (options.signal?.aborted === true) return reject(options.signal.reason);
      reject(new DeployError("assets-worker", `A worker of the build ended: ${why}`));
    };
    worker.on("message", (message: FromWorker) => {
      if (message.kind === "outcome") options.onOutcome(message.index, message.outcome);
      else if (message.kind === "warning") options.onWarning(message.text);
      else if (message.kind === "fault") reject(new Error(message.message));
      else {
        const tasks: ToWorker = queue.take(number);
        peace = tasks.length === 0;
        worker.postMessage(tasks);
      }
    });
    worker.on("error", (error) => died(error instanceof Error ? error.message : String(error)));
    worker.on("exit", (code) => (peace ? resolve() : died(`exit code ${code}`)));
  });
}
