import { duration } from "../config/values/duration.ts";

export const busyKey = {
  busy: duration()
    .prefault("60s")
    .describe("How long it may end what it has begun, before it is started again whatever it does."),
};

/** Runs it once `idle` is true, or after this many milliseconds. */
export function whenIdle(idle: string, busy: number, run: string): string {
  return `left=${Math.ceil(busy / 1000)}; until ${idle} || [ "$left" -le 0 ]; do left=$((left - 1)); sleep 1; done\n${run}`;
}
