import { isMainThread, parentPort, workerData } from "node:worker_threads";
import type { Setting } from "../compile/setting.ts";
import { makeBench } from "./bench.ts";
import type { Outcome } from "./made.ts";
import { make } from "./make.ts";
import type { Numbered } from "./queue.ts";

export interface WorkerData {
  readonly deployAssets: true;
  readonly setting: Setting;
}

/** What a worker tells: an outcome, that it wants more, that a tool of the project does not start, or a fault of ours. */
export type FromWorker =
  | { readonly kind: "outcome"; readonly index: number; readonly outcome: Outcome }
  | { readonly kind: "more" }
  | { readonly kind: "warning"; readonly text: string }
  | { readonly kind: "fault"; readonly message: string };

/** What a worker is told: the next tasks; none: end. */
export type ToWorker = readonly Numbered[];

let asked = false;

/**
 * True in a thread that `buildAssets` started. In a bundle the worker is the same file, so whoever has a main asks
 * this first: `if (isAssetWorker()) await runAssetWorker(); else …`. Where nobody asks, a bundle starts no workers.
 */
export function isAssetWorker(): boolean {
  asked = true;
  return !isMainThread && (workerData as Partial<WorkerData> | null)?.deployAssets === true;
}

/** Whether the main of this program would let a worker be one. */
export function mainAsks(): boolean {
  return asked;
}

/** Works until it is told to end. */
export async function runAssetWorker(): Promise<void> {
  const port = parentPort;
  if (port === null) return;
  const { setting } = workerData as WorkerData;
  const tell = (message: FromWorker) => port.postMessage(message);
  const bench = makeBench(setting.tools, (text) => tell({ kind: "warning", text }));
  await new Promise<void>((resolve) => {
    port.on("message", async (tasks: ToWorker) => {
      try {
        for (const { index, task } of tasks) {
          tell({ kind: "outcome", index, outcome: await make(bench, task, setting) });
        }
        if (tasks.length > 0) return tell({ kind: "more" });
        await bench.dispose();
      } catch (error) {
        tell({
          kind: "fault",
          message: error instanceof Error ? (error.stack ?? error.message) : String(error),
        });
      }
      resolve();
    });
    tell({ kind: "more" });
  });
  // Ends this thread only, whatever a tool may still hold open.
  process.exit(0);
}
