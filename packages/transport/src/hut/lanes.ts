/** Work that is begun while other work is under way, at most so much at once; whoever begins more waits. */
export class Lanes {
  readonly #most: number;
  readonly #running = new Set<Promise<void>>();
  #failed: { readonly error: unknown } | undefined;

  constructor(most: number) {
    this.#most = Math.max(1, most);
  }

  /** Returns when the work has begun. Throws what earlier work threw. */
  async run(work: () => Promise<void>): Promise<void> {
    while (this.#running.size >= this.#most) await Promise.race(this.#running);
    if (this.#failed !== undefined) throw this.#failed.error;
    const running: Promise<void> = work()
      .catch((error: unknown) => {
        this.#failed ??= { error };
      })
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Returns when all is done. Throws what work threw. */
  async end(): Promise<void> {
    await Promise.all(this.#running);
    if (this.#failed !== undefined) throw this.#failed.error;
  }
}
