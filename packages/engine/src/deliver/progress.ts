import { dataSize, roughly } from "@deploy/core";
import type { Clock } from "@deploy/transport";
import type { EngineEvent } from "../types.ts";

/** Milliseconds between two words on who is not done. */
const every = 10_000;

/** Hosts told by name. */
const most = 5;

/** One host's bytes on their way. */
export class Meter {
  /** Of all attempts. */
  sent = 0;
  #now = 0;
  #told = 0;
  #total: number | undefined;
  #since: number;
  #fetching = false;
  #begun = false;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#since = clock.now();
  }

  /** A new attempt of so many bytes; undefined where nobody knows. `fetching`: they do not come from here. */
  expect(total: number | undefined, fetching = false): void {
    this.#begun = true;
    this.#now = 0;
    this.#told = 0;
    this.#total = total;
    this.#fetching = fetching;
    this.#since = this.#clock.now();
  }

  add(bytes: number): void {
    this.#now += bytes;
    this.sent += bytes;
  }

  /** Of this attempt, so far. */
  reach(bytes: number): void {
    this.add(bytes - this.#now);
  }

  /** 1 where all is sent, or where that cannot be told. */
  get part(): number {
    return this.#fetching || this.#total === undefined ? 0 : this.#now / Math.max(1, this.#total);
  }

  /** `41 %, 7.8 of 19 MB, 1.2 MB/s, about 9 s left`; the rate is of the time since it was last asked. */
  words(): string {
    const total = this.#total;
    if (!this.#begun) return "has not begun";
    if (this.#fetching) return total === undefined ? "is fetching" : `is fetching ${dataSize(total)}`;
    if (total !== undefined && this.#now >= total) return "sent all, verifying";
    const now = this.#clock.now();
    const rate = ((this.#now - this.#told) * 1000) / Math.max(1, now - this.#since);
    this.#told = this.#now;
    this.#since = now;
    const speed = rate === 0 ? "nothing taken lately" : `${dataSize(rate)}/s`;
    if (total === undefined) return `${dataSize(this.#now)}, ${speed}`;
    const percent = `${Math.floor((100 * this.#now) / total)} %`;
    const left = rate === 0 ? "" : `, about ${roughly((1000 * (total - this.#now)) / rate)} left`;
    return `${percent}, ${ofTotal(this.#now, total)}, ${speed}${left}`;
  }
}

/** `7.8 of 19 MB`. */
function ofTotal(now: number, total: number): string {
  const [whole, part] = [dataSize(total), dataSize(now)];
  const unit = whole.slice(whole.indexOf(" "));
  return `${part.endsWith(unit) ? part.slice(0, -unit.length) : part} of ${whole}`;
}

/** Who is still being sent to, told every ten seconds. */
export class Progress {
  readonly #clock: Clock;
  readonly #events: (event: EngineEvent) => void;
  readonly #running = new Map<string, Meter>();
  readonly #over = new AbortController();
  #waiting: number;

  constructor(
    hosts: number,
    { clock, events }: { readonly clock: Clock; readonly events: (event: EngineEvent) => void },
  ) {
    this.#clock = clock;
    this.#events = events;
    this.#waiting = hosts;
  }

  /** A host's turn, from here to the end of `work`. */
  async run<T>(host: string, work: (meter: Meter) => Promise<T>): Promise<T> {
    const meter = new Meter(this.#clock);
    this.#waiting--;
    this.#running.set(host, meter);
    try {
      return await work(meter);
    } finally {
      this.#running.delete(host);
    }
  }

  /** Tells until `end`. */
  async watch(): Promise<void> {
    for (;;) {
      await this.#clock.sleep(every, this.#over.signal);
      if (this.#over.signal.aborted) return;
      const text = this.words();
      if (text !== "") this.#events({ kind: "note", text });
    }
  }

  end(): void {
    this.#over.abort();
  }

  /** The slowest first. */
  words(): string {
    const running = [...this.#running].sort(([, a], [, b]) => a.part - b.part);
    const more = running.length - most;
    const told = [
      ...running.slice(0, most).map(([host, meter]) => `${host} ${meter.words()}`),
      ...(more > 0 ? [`${more} more`] : []),
      ...(this.#waiting > 0
        ? [`${this.#waiting} ${this.#waiting === 1 ? "waits for its" : "wait for their"} turn`]
        : []),
    ];
    return told.length === 0 ? "" : `still uploading: ${told.join("; ")}`;
  }
}
