import { type FileHandle, open } from "node:fs/promises";
import { promisify } from "node:util";
import { constants, inflateRaw } from "node:zlib";
import { blockSize, gzipHeader } from "./blocks.ts";

const inflate = promisify(inflateRaw);

/** The uncompressed bytes behind a file of `writeBlocks`, from any offset. Errors are of any kind: the file is damaged. */
export class RandomAccess {
  readonly #handle: FileHandle;
  /** Where each block begins in the file, and where the last one ends. */
  readonly #starts: readonly number[];
  #at = -1;
  #block: Uint8Array = new Uint8Array();

  private constructor(handle: FileHandle, starts: readonly number[]) {
    this.#handle = handle;
    this.#starts = starts;
  }

  static async open(file: string, blocks: readonly number[]): Promise<RandomAccess> {
    const starts = [gzipHeader.length];
    for (const size of blocks) starts.push((starts.at(-1) ?? 0) + size);
    return new RandomAccess(await open(file), starts);
  }

  /** One reader at a time; cheapest in the order of offsets. */
  async *take(offset: number, length: number): AsyncGenerator<Uint8Array> {
    for (let at = offset; at < offset + length; ) {
      const block = await this.#load(Math.floor(at / blockSize));
      const begin = at % blockSize;
      const part = block.subarray(begin, begin + offset + length - at);
      if (part.length === 0) throw new RangeError("the stream ended early");
      at += part.length;
      yield part;
    }
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  async #load(index: number): Promise<Uint8Array> {
    if (index === this.#at) return this.#block;
    const [start, end] = [this.#starts[index], this.#starts[index + 1]];
    if (start === undefined || end === undefined) throw new RangeError("the stream ended early");
    const bytes = Buffer.allocUnsafe(end - start);
    const { bytesRead } = await this.#handle.read(bytes, 0, bytes.length, start);
    if (bytesRead < bytes.length) throw new RangeError("the file ended early");
    // Never more than a block, whatever the bytes claim; a block has no end of its own, only a flush.
    const options = {
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: blockSize,
      chunkSize: blockSize,
    };
    this.#block = await inflate(bytes, options);
    this.#at = index;
    return this.#block;
  }
}
