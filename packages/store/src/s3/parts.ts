import { FileSource } from "../source.ts";
import type { Budget } from "./budget.ts";
import type { S3Tuning } from "./tuning.ts";

/** A piece of a body, held in memory until it is stored. */
export interface Part {
  readonly bytes: Uint8Array;
  readonly last: boolean;
  /** Returns its memory to the budget; more often than once does no harm. */
  free(): void;
}

/** S3 takes 10,000 parts; 9,000 leave room for an estimate that was a little low. */
const plannedParts = 9000;
const mebibyte = 1 << 20;
/** S3's largest part: 5 GiB. */
const largestPart = 5 * 1024 * mebibyte;

/** Size of the first parts, in whole mebibytes: what `size` bytes need to fit in 9,000 of them. */
export function firstPartSize(size: number, tuning: Pick<S3Tuning, "part">): number {
  const needed = Math.ceil(size / plannedParts / mebibyte) * mebibyte;
  return Math.min(Math.max(needed, tuning.part), largestPart);
}

/** Size of part `number` (from 1): doubles from time to time, so that no stream, however wrong its estimate, reaches part 10,001. */
export function partSize(number: number, first: number, tuning: Pick<S3Tuning, "doubleEvery">): number {
  return Math.min(first * 2 ** Math.floor((number - 1) / tuning.doubleEvery), largestPart);
}

interface Cut {
  readonly tuning: S3Tuning;
  readonly memory: Budget;
  /** Bytes; for a stream the estimate. */
  readonly size: number;
}

/** Parts of a file of known size, each read when it is asked for. */
export async function* fileParts(
  file: string,
  place: string,
  { tuning, memory, size }: Cut,
): AsyncGenerator<Part, void> {
  const first = firstPartSize(size, tuning);
  const source = new FileSource(file, size, place);
  try {
    for (let [number, left] = [1, size]; left > 0; number++) {
      const wanted = Math.min(partSize(number, first, tuning), left);
      await memory.take(wanted);
      left -= wanted;
      yield held(await source.next(wanted).catch(given(memory, wanted)), wanted, left === 0, memory);
    }
  } finally {
    await source.close();
  }
}

/** Parts of bytes that are in memory anyway. */
export async function* byteParts(bytes: Uint8Array, { tuning, size }: Cut): AsyncGenerator<Part, void> {
  const step = firstPartSize(size, tuning);
  for (let at = 0; at < size; at += step) {
    yield { bytes: bytes.subarray(at, at + step), last: at + step >= size, free: () => {} };
  }
}

/** Parts of a stream. Only the last may be short, and an empty stream is one empty part. */
export async function* streamParts(
  body: AsyncIterable<Uint8Array>,
  { tuning, memory, size }: Cut,
): AsyncGenerator<Part, void> {
  const first = firstPartSize(size, tuning);
  let number = 1;
  let room = await Room.take(first, memory);
  try {
    for await (const chunk of body) {
      for (let rest = chunk; rest.length > 0; ) {
        if (room.full) {
          const ready = room.part(false);
          // Handed over before the next is taken, or streams that each hold one would wait for each other.
          room = Room.none;
          yield ready;
          room = await Room.take(partSize(++number, first, tuning), memory);
        }
        rest = room.fill(rest);
      }
    }
    yield room.part(true);
  } finally {
    room.free();
  }
}

/** Memory for one part, filled chunk by chunk. */
class Room {
  static readonly none = new Room(Buffer.alloc(0), () => {});
  readonly #bytes: Buffer;
  readonly #release: () => void;
  #filled = 0;

  private constructor(bytes: Buffer, release: () => void) {
    this.#bytes = bytes;
    this.#release = release;
  }

  static async take(size: number, memory: Budget): Promise<Room> {
    await memory.take(size);
    return new Room(
      Buffer.allocUnsafeSlow(size),
      once(() => memory.give(size)),
    );
  }

  get full(): boolean {
    return this.#filled === this.#bytes.length;
  }

  /** Takes what fits, returns the rest. */
  fill(chunk: Uint8Array): Uint8Array {
    const taken = Math.min(chunk.length, this.#bytes.length - this.#filled);
    this.#bytes.set(chunk.subarray(0, taken), this.#filled);
    this.#filled += taken;
    return chunk.subarray(taken);
  }

  part(last: boolean): Part {
    return { bytes: this.#bytes.subarray(0, this.#filled), last, free: this.#release };
  }

  free(): void {
    this.#release();
  }
}

function held(bytes: Uint8Array, size: number, last: boolean, memory: Budget): Part {
  return { bytes, last, free: once(() => memory.give(size)) };
}

function once(work: () => void): () => void {
  let done = false;
  return () => {
    if (!done) work();
    done = true;
  };
}

function given(memory: Budget, size: number) {
  return (error: unknown): never => {
    memory.give(size);
    throw error;
  };
}
