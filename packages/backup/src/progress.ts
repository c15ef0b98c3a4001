import type { Progress } from "./types.ts";

/** Milliseconds between two tellings, and the time over which the rate is taken. */
const interval = 500;
const window = 5_000;

/** Tells how far it is, not more often than people can read. */
export class ProgressTeller {
  readonly #phase: Progress["phase"];
  readonly #total: number;
  readonly #tell: (progress: Progress) => void;
  readonly #now: () => number;
  #samples: { readonly at: number; readonly done: number }[];
  #told: number;

  constructor(
    phase: Progress["phase"],
    total: number,
    tell: ((progress: Progress) => void) | undefined,
    now: () => number = () => performance.now(),
  ) {
    this.#phase = phase;
    this.#total = total;
    this.#tell = tell ?? (() => {});
    this.#now = now;
    this.#told = now();
    this.#samples = [{ at: this.#told, done: 0 }];
  }

  at(done: number): void {
    const at = this.#now();
    if (at - this.#told < interval) return;
    this.#say(done, at);
  }

  /** The last word, whenever the one before it was. */
  end(done: number): void {
    this.#say(done, this.#now());
  }

  #say(done: number, at: number): void {
    this.#told = at;
    this.#samples = [...this.#samples.filter((sample) => at - sample.at <= window), { at, done }];
    const [first] = this.#samples;
    const passed = at - (first?.at ?? at);
    const rate = passed > 0 ? Math.round(((done - (first?.done ?? 0)) / passed) * 1000) : 0;
    this.#tell({ phase: this.#phase, done, total: this.#total, rate });
  }
}

/** The same bytes, told on the way. */
export async function* telling(
  source: AsyncIterable<Uint8Array>,
  teller: ProgressTeller,
): AsyncGenerator<Uint8Array, void, undefined> {
  let done = 0;
  for await (const chunk of source) {
    done += chunk.length;
    teller.at(done);
    yield chunk;
  }
  teller.end(done);
}
