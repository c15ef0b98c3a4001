/** Bytes that may wait to be taken before a push has to wait too. */
const roomy = 1_048_576;

/**
 * From one who pushes to one who pulls, in order, with back pressure. Whoever pulls and leaves early makes every later
 * push reject; `fail` makes the pull reject once what came before was taken.
 */
export class Handoff implements AsyncIterable<Uint8Array> {
  readonly #waiting: Uint8Array[] = [];
  #size = 0;
  #over: { readonly error?: unknown } | undefined;
  #left: { readonly reason: unknown } | undefined;
  #wake: (() => void)[] = [];

  /** Resolves when there is room for more. Rejects with `leave`'s reason. */
  async push(chunk: Uint8Array): Promise<void> {
    if (this.#left === undefined && chunk.length > 0) {
      this.#waiting.push(chunk);
      this.#size += chunk.length;
      this.#notify();
    }
    while (this.#left === undefined && this.#size > roomy) await this.#change();
    if (this.#left !== undefined) throw this.#left.reason;
  }

  end(): void {
    this.#over ??= {};
    this.#notify();
  }

  fail(error: unknown): void {
    this.#over ??= { error };
    this.#notify();
  }

  /** Nothing more is wanted. */
  leave(reason: unknown): void {
    this.#left ??= { reason };
    this.#waiting.length = 0;
    this.#size = 0;
    this.#notify();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (;;) {
        const chunk = this.#waiting.shift();
        if (chunk !== undefined) {
          this.#size -= chunk.length;
          this.#notify();
          yield chunk;
        } else if (this.#left !== undefined) {
          throw this.#left.reason;
        } else if (this.#over !== undefined) {
          if ("error" in this.#over) throw this.#over.error;
          return;
        } else {
          await this.#change();
        }
      }
    } finally {
      this.leave(new Error("nobody reads any more"));
    }
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#wake.push(resolve));
  }

  #notify(): void {
    const wake = this.#wake;
    this.#wake = [];
    for (const resolve of wake) resolve();
  }
}
