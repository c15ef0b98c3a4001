import type { Clock } from "@deploy/transport";

/** A clock that a test moves. */
export class ManualClock implements Clock {
  #now = 1_000_000;
  readonly #sleeping = new Set<{ readonly at: number; readonly wake: () => void }>();

  now(): number {
    return this.#now;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const entry = {
        at: this.#now + milliseconds,
        wake: () => {
          this.#sleeping.delete(entry);
          signal?.removeEventListener("abort", entry.wake);
          resolve();
        },
      };
      this.#sleeping.add(entry);
      signal?.addEventListener("abort", entry.wake);
    });
  }

  /** Wakes whoever has slept long enough, and lets them go on. */
  async advance(milliseconds: number): Promise<void> {
    this.#now += milliseconds;
    for (const entry of [...this.#sleeping]) if (entry.at <= this.#now) entry.wake();
    await new Promise((resolve) => setImmediate(resolve));
  }
}
