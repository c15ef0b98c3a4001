/**
 * Waits for one thing after the other, each only until `end` settles. Promise.race over a promise that lasts would keep every
 * value it ever raced, which is a whole payload.
 */
export class Until {
  #over = false;
  #wake: () => void = () => {};

  constructor(end: Promise<unknown>) {
    const stop = () => {
      this.#over = true;
      this.#wake();
    };
    end.then(stop, stop);
  }

  /** The work's value, or undefined where the end came first; a later failure of the work is nobody's. */
  first<T>(work: Promise<T>): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      this.#wake = () => resolve(undefined);
      if (this.#over) this.#wake();
      work.then(resolve, reject);
    });
  }
}
