/** How much is done at once. */
export interface PoolLimits<Item> {
  readonly tasks: number;
  /** Bytes in flight; one item counts for at most a quarter of them, so that a large file does not stop the small. */
  readonly bytes?: number;
  readonly sizeOf?: (item: Item) => number;
  readonly signal?: AbortSignal;
}

/** Works on items in order, some at once. The first failure stops what was not begun, and is thrown once what was has ended. */
export async function pooled<Item>(
  items: Iterable<Item>,
  limits: PoolLimits<Item>,
  work: (item: Item, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const signal = limits.signal === undefined ? stop.signal : AbortSignal.any([limits.signal, stop.signal]);
  const budget = limits.bytes ?? Number.POSITIVE_INFINITY;
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  let inFlight = 0;

  const start = (item: Item, weight: number): void => {
    inFlight += weight;
    const task = work(item, signal)
      .catch((error: unknown) => {
        failures.push(error);
        stop.abort(error);
      })
      .finally(() => {
        inFlight -= weight;
        running.delete(task);
      });
    running.add(task);
  };

  for (const item of items) {
    const weight = Math.min(limits.sizeOf?.(item) ?? 0, budget / 4);
    while (running.size >= limits.tasks || (running.size > 0 && inFlight + weight > budget))
      await Promise.race(running);
    if (signal.aborted) break;
    start(item, weight);
  }
  await Promise.all(running);
  limits.signal?.throwIfAborted();
  if (failures.length > 0) throw failures[0];
}
