/** Reads a stream forwards only: skip to an offset, take so many bytes. */
export class Sequence {
  readonly #source: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array();
  #at = 0;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** `length` bytes from `offset`, which is not before what was read last. Throws a RangeError where the stream ends early. */
  async *take(offset: number, length: number): AsyncGenerator<Uint8Array> {
    for (let skip = offset - this.#at; skip > 0; skip = offset - this.#at) await this.#some(skip);
    for (let left = length; left > 0; ) {
      const part = await this.#some(left);
      left -= part.length;
      yield part;
    }
  }

  /** Reads what is left, so that whoever watches the source has seen all of it. */
  async drain(): Promise<void> {
    for (let next = await this.#source.next(); next.done !== true; next = await this.#source.next());
  }

  async #some(most: number): Promise<Uint8Array> {
    while (this.#rest.length === 0) {
      const next = await this.#source.next();
      if (next.done === true) throw new RangeError("the stream ended early");
      this.#rest = next.value;
    }
    const part = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(part.length);
    this.#at += part.length;
    return part;
  }
}
