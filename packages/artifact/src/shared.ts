import { close, read } from "node:fs";
import { promisify } from "node:util";

/** Bytes that one reader is given at a time. */
export const chunkSize = 256 * 1024;
/** Chunks that are kept for the next reader: 4 MiB. */
const mostKept = 16;

const readAt = promisify(read);

/** Closes what nobody can read any more. */
const forgotten = new FinalizationRegistry<number>((descriptor) => close(descriptor));

/**
 * An open file that many read from its beginning, at about the same pace: what one of them has read is there for the
 * others, so that neither memory nor reads grow with their number. Nobody may write into the chunks.
 */
export class SharedFile {
  readonly #descriptor: number;
  readonly #size: number;
  readonly #kept = new Map<number, Promise<Uint8Array>>();

  /** Takes the descriptor over: it is closed some time after the last reader is gone. */
  constructor(descriptor: number, size: number) {
    this.#descriptor = descriptor;
    this.#size = size;
    forgotten.register(this, descriptor);
  }

  /** Throws a RangeError where the file is shorter than it was. */
  async *read(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < this.#size; at += chunkSize) yield await this.#chunk(at);
  }

  #chunk(at: number): Promise<Uint8Array> {
    const known = this.#kept.get(at);
    if (known !== undefined) return known;
    const chunk = this.#load(at);
    this.#kept.set(at, chunk);
    chunk.catch(() => this.#kept.delete(at));
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > mostKept && oldest !== undefined) this.#kept.delete(oldest);
    return chunk;
  }

  async #load(from: number): Promise<Uint8Array> {
    const chunk = Buffer.allocUnsafeSlow(Math.min(chunkSize, this.#size - from));
    for (let at = 0; at < chunk.length; ) {
      const { bytesRead } = await readAt(this.#descriptor, chunk, at, chunk.length - at, from + at);
      if (bytesRead === 0) throw new RangeError("the file ended early");
      at += bytesRead;
    }
    return chunk;
  }
}
