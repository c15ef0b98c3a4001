import type { Readable, Writable } from "node:stream";
import type { Ended, ExecResult } from "@deploy/remote";
import { Capture } from "./capture.ts";
import { feed } from "./feed.ts";
import type { ExecOptions } from "./port.ts";
import { Pour } from "./pour.ts";

/** A command that was started, whatever it runs on. */
export interface Running {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** How it ended, once its output was read to the end. */
  readonly ended: Promise<Ended>;
  /** Resolves when the way to it is gone or given up, with the reason. */
  readonly lost: Promise<string>;
  /** Asks it to end. */
  readonly terminate: () => void;
}

export interface Sent {
  readonly input: Uint8Array;
  readonly payload: AsyncIterable<Uint8Array> | undefined;
}

/** Carries a started command to its end: feeds it, hears it, and says how it ended or why nobody knows. */
export async function carry(running: Running, sent: Sent, options: ExecOptions): Promise<ExecResult> {
  const capture = new Capture(options);
  capture.listen("stderr", running.stderr);
  const pour = options.sink === undefined ? undefined : new Pour(running.stdout, options.sink);
  if (pour === undefined) capture.listen("stdout", running.stdout);
  const stopped = whenAborted(options.signal);
  const over = Promise.race([
    pour === undefined ? running.ended : running.ended.then((ended) => pour.whole(ended)),
    ...(pour === undefined ? [] : [pour.failed]),
    running.lost.then((reason): Ended => ({ status: "unknown", reason })),
    stopped.promise,
  ]);
  const unread = new Promise<Ended>((resolve) => {
    feed(running.stdin, sent.input, sent.payload, over).catch((error) => {
      // The remote must not take a cut payload for a whole one: digests say so, and a signal helps where it is heard.
      running.terminate();
      resolve({ status: "unknown", reason: `the payload could not be read: ${messageOf(error)}` });
    });
  });
  const result = await Promise.race([over, unread]);
  stopped.dispose();
  pour?.stop();
  // Bytes that nobody takes need nobody who makes them. Other commands go on: they may have been meant to.
  if (pour !== undefined && result.status === "unknown") running.terminate();
  return capture.finish(result);
}

/** Resolves when the signal is aborted; `dispose` forgets the listener. */
function whenAborted(signal: AbortSignal | undefined): {
  readonly promise: Promise<Ended>;
  readonly dispose: () => void;
} {
  let dispose = (): void => {};
  const promise = new Promise<Ended>((resolve) => {
    const stop = () => resolve({ status: "unknown", reason: "stopped waiting" });
    if (signal?.aborted === true) return stop();
    signal?.addEventListener("abort", stop, { once: true });
    dispose = () => signal?.removeEventListener("abort", stop);
  });
  return { promise, dispose };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
