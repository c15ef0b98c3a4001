import type { Clock, ExecOptions } from "@deploy/transport";

/** Milliseconds: a host kills three seconds after it was told to end a command, and a cancelled action has seven in all. */
const patience = 5_000;

/** What ties a command to its run. */
export interface Tie {
  /** stdin stays open until the run is cancelled; `signal` is aborted where then no word of the command's end came. */
  readonly options: Required<Pick<ExecOptions, "input" | "signal">>;
  /** The command is over, or given up. */
  loose(): void;
}

export function tieTo(cancelled: AbortSignal, clock: Clock): Tie {
  const over = new AbortController();
  const late = new AbortController();
  const end = abortOf(AbortSignal.any([cancelled, over.signal]));
  void end.then(() => clock.sleep(patience, over.signal)).then(() => late.abort());
  return { options: { input: emptyUntil(end), signal: late.signal }, loose: () => over.abort() };
}

function abortOf(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

const emptyUntil = (end: Promise<void>): AsyncIterable<Uint8Array> => ({
  [Symbol.asyncIterator]: () => ({ next: () => end.then(() => ({ done: true, value: undefined })) }),
});
