import { createHash } from "node:crypto";

/** How long a stream was, and its SHA-256 in lower-case hex. */
export interface Measured {
  readonly size: number;
  readonly sha256: string;
}

/** Counts and hashes what passes. */
export class Meter {
  readonly #hash = createHash("sha256");
  #size = 0;
  #measured: Measured | undefined;

  get size(): number {
    return this.#size;
  }

  add(chunk: Uint8Array): void {
    this.#hash.update(chunk);
    this.#size += chunk.length;
  }

  /** Nothing may be added after it. */
  end(): Measured {
    this.#measured ??= { size: this.#size, sha256: this.#hash.digest("hex") };
    return this.#measured;
  }
}

/** The same bytes, measured on the way. */
export async function* metered(
  source: AsyncIterable<Uint8Array>,
  meter: Meter,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of source) {
    meter.add(chunk);
    yield chunk;
  }
}

export function sameBytes(one: Measured, other: Measured): boolean {
  return one.size === other.size && one.sha256 === other.sha256;
}
