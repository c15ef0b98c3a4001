import type { Runner } from "./runner.ts";

/** The runner sends SIGINT, 7.5 seconds later SIGTERM, and 2.5 seconds after that kills. */
const budget = 7_000;

/** The first signal aborts; the second, or the end of the budget, ends the process with 130. */
export function abortOnSignals(runner: Runner): { readonly signal: AbortSignal; readonly stop: () => void } {
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const off = runner.onSignal(() => {
    if (abort.signal.aborted) return runner.exit(130);
    timer = setTimeout(() => runner.exit(130), budget);
    timer.unref();
    abort.abort();
  });
  return {
    signal: abort.signal,
    stop() {
      clearTimeout(timer);
      off();
    },
  };
}
