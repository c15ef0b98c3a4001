import type { Compression } from "@deploy/remote";
import { Handoff } from "./handoff.ts";
import { type Measured, Meter, metered } from "./meter.ts";
import { unpack } from "./unpack.ts";

/**
 * Unpacks a stream beside its way to the store, so that what is encrypted there is known to be the dump, whole: the
 * host tells size and SHA-256 of the plain dump, and these are the ones that really arrived.
 */
export class Companion {
  readonly #handoff = new Handoff();
  readonly #meter = new Meter();
  readonly #read: Promise<void>;

  constructor(compression: Compression) {
    this.#read = drain(metered(unpack(this.#handoff, compression), this.#meter));
    this.#read.catch(() => {});
  }

  /** Plain bytes so far. */
  get size(): number {
    return this.#meter.size;
  }

  /** Rejects with `backup-damaged` where the bytes cannot be unpacked. */
  async push(chunk: Uint8Array): Promise<void> {
    try {
      await this.#handoff.push(chunk);
    } catch (error) {
      await this.#read;
      throw error;
    }
  }

  async end(): Promise<Measured> {
    this.#handoff.end();
    await this.#read;
    return this.#meter.end();
  }

  /** Gives up: what was read does not matter any more. */
  async stop(): Promise<void> {
    this.#handoff.leave(new Error("stopped"));
    await this.#read.catch(() => {});
  }
}

export async function drain(source: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of source);
}
