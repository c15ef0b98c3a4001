import type { Readable, Writable } from "node:stream";
import type { Ended, ExecResult } from "@deploy/remote";
import { Capture } from "./capture.ts";
import type { Clock } from "./clock.ts";
import { feed } from "./feed.ts";
import type { ExecOptions } from "./port.ts";
import { Pour } from "./pour.ts";

/** A command that was started, whatever it runs on. */
export interface Running {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** How the command itself ended; what it started may still hold its output. */
  readonly exited: Promise<Ended>;
  /** How it ended, once its output was read to the end. */
  readonly ended: Promise<Ended>;
  /** Resolves when the way to it is gone or given up, with the reason. */
  readonly lost: Promise<string>;
  /** Asks it to end. */
  readonly terminate: () => void;
  /** Lets its output go. */
  readonly abandon: () => void;
}

export interface Sent {
  readonly input: Uint8Array;
  readonly payload: AsyncIterable<Uint8Array> | undefined;
}

/** Carries a started command to its end: feeds it, hears it, and says how it ended or why nobody knows. */
export async function carry(
  running: Running,
  sent: Sent,
  options: ExecOptions,
  clock: Clock,
): Promise<ExecResult> {
  const capture = new Capture(options);
  capture.listen("stderr", running.stderr);
  const pour = options.sink === undefined ? undefined : new Pour(running.stdout, options.sink);
  if (pour === undefined) capture.listen("stdout", running.stdout);
  const stopped = whenAborted(options.signal);
  const settled = new AbortController();
  const over = Promise.race([
    pour === undefined ? running.ended : running.ended.then((ended) => pour.whole(ended)),
    ...(pour === undefined ? [] : [pour.failed]),
    leftBehind(running, pour ?? capture, options, clock, settled.signal),
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
  settled.abort();
  stopped.dispose();
  pour?.stop();
  // Bytes that nobody takes need nobody who makes them. Other commands go on: they may have been meant to.
  if (pour !== undefined && result.status === "unknown") running.terminate();
  return capture.finish(result);
}

/** Milliseconds without output, after a command's exit, that its output may stay open; and how many of them at most, so that a talker is let go as well. */
const grace = 2_000;
const graces = 15;

/**
 * What a command left running (`start &`) may hold its output for good: its exit status ends it all the same, once nothing comes
 * any more. A sink's stream is whole only at its end: without one it is `unknown`, after a time in which a dead line would show.
 */
async function leftBehind(
  { exited, abandon }: Running,
  heard: Capture | Pour,
  { onNote }: ExecOptions,
  clock: Clock,
  settled: AbortSignal,
): Promise<Ended> {
  const ended = await exited;
  const pour = heard instanceof Pour ? heard : undefined;
  for (let last = -1, round = 0; last !== heard.heard || pour?.busy === true; round++) {
    if (settled.aborted || (pour === undefined && round >= graces)) break;
    last = heard.heard;
    await clock.sleep(pour === undefined ? grace : grace * graces, settled);
  }
  if (settled.aborted) return ended;
  abandon();
  if (pour !== undefined)
    return {
      status: "unknown",
      reason: "the command has ended, but something it started still holds its output",
    };
  onNote?.(
    "the command has ended, but something it started still holds its output. It is not heard any more and may end at its next line: " +
      "start it with >/dev/null 2>&1 </dev/null, or by the service manager",
  );
  return ended;
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
