/** Keeps the last `cap` bytes of a stream and counts what it let go. */
export class Tail {
  readonly #cap: number;
  #chunks: Buffer[] = [];
  #size = 0;
  #dropped = 0;

  constructor(cap: number) {
    this.#cap = cap;
  }

  get dropped(): number {
    return this.#dropped + Math.max(0, this.#size - this.#cap);
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (this.#size > 2 * this.#cap + 65_536) this.#trim();
  }

  /** The kept bytes as text; half a character at a cut edge is left out. */
  text(): string {
    this.#trim();
    const bytes = Buffer.concat(this.#chunks);
    let start = 0;
    if (this.#dropped > 0) while (start < Math.min(3, bytes.length) && isContinuation(bytes[start])) start++;
    return bytes.toString("utf8", start);
  }

  #trim(): void {
    const over = this.#size - this.#cap;
    if (over <= 0) return;
    this.#chunks = [Buffer.concat(this.#chunks).subarray(over)];
    this.#size = this.#cap;
    this.#dropped += over;
  }
}

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;
