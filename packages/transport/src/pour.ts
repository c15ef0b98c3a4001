import type { Readable } from "node:stream";
import type { Ended } from "@deploy/remote";
import type { ExecOptions } from "./port.ts";

type Sink = NonNullable<ExecOptions["sink"]>;

/**
 * Hands a stream's bytes to a sink, in order and one chunk at a time. While the sink is busy nothing is read, so the other side
 * waits. It reads by `readable` and not by `data`: Node resumes a child's paused stdout when the child ends.
 */
export class Pour {
  /** Resolves where the sink refuses or the stream breaks. */
  readonly failed: Promise<Ended>;
  readonly #stream: Readable;
  readonly #sink: Sink;
  readonly #taken: Promise<void>;
  #fail: (reason: string) => void = () => {};
  #finish: () => void = () => {};
  #busy = false;
  #heard = 0;
  #ended = false;
  #over = false;

  constructor(stream: Readable, sink: Sink) {
    this.#stream = stream;
    this.#sink = sink;
    this.#taken = new Promise((resolve) => {
      this.#finish = resolve;
    });
    this.failed = new Promise((resolve) => {
      this.#fail = (reason) => resolve({ status: "unknown", reason });
    });
    stream.on("readable", () => this.#pull());
    stream.on("end", () => {
      this.#ended = true;
      if (!this.#busy) this.#finish();
    });
    stream.on("error", (error) => this.#fail(`the output could not be read: ${error.message}`));
    stream.on("close", () => {
      if (!this.#ended) this.#fail("the output could not be read: it was closed before its end");
    });
  }

  /** Chunks that came so far. */
  get heard(): number {
    return this.#heard;
  }

  /** The sink has one in hand: what comes next waits for it. */
  get busy(): boolean {
    return this.#busy;
  }

  /** How the command ended, once the sink took all that came; at once where that is unknown already. */
  async whole(ended: Ended): Promise<Ended> {
    if (ended.status !== "unknown") await this.#taken;
    return ended;
  }

  /** The sink is called no more; what still comes is let go. */
  stop(): void {
    this.#over = true;
    this.#pull();
  }

  #pull(): void {
    while (this.#over || !this.#busy) {
      const chunk: Buffer | null = this.#stream.read();
      if (chunk === null) return;
      if (!this.#over) void this.#hand(chunk);
    }
  }

  async #hand(chunk: Buffer): Promise<void> {
    this.#busy = true;
    this.#heard++;
    try {
      await this.#sink(chunk);
    } catch (error) {
      this.#fail(untaken(error));
      this.stop();
      return;
    }
    this.#busy = false;
    if (this.#ended) this.#finish();
    this.#pull();
  }
}

/** Why a result is unknown after a sink refused. */
export const untaken = (error: unknown): string =>
  `the output could not be taken: ${error instanceof Error ? error.message : String(error)}`;
