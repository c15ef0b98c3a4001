import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { DeployError } from "@deploy/core";

/** Reads a file piece by piece into memory of its own. Throws `body-changed` where it is not as long as announced. */
export class FileSource {
  readonly #file: string;
  readonly #size: number;
  readonly #place: string;
  #handle: FileHandle | undefined;
  #at = 0;

  constructor(file: string, size: number, place: string) {
    this.#file = file;
    this.#size = size;
    this.#place = place;
  }

  async next(size: number): Promise<Buffer> {
    this.#handle ??= await this.#open();
    const wanted = Math.min(size, this.#size - this.#at);
    const piece = Buffer.allocUnsafe(wanted);
    for (let filled = 0; filled < wanted; ) {
      const { bytesRead } = await this.#handle.read(piece, filled, wanted - filled, this.#at + filled);
      if (bytesRead === 0) throw this.#changed(this.#at + filled);
      filled += bytesRead;
    }
    this.#at += wanted;
    if (this.#at === this.#size) await this.#mustEnd();
    return piece;
  }

  async close(): Promise<void> {
    await this.#handle?.close();
    this.#handle = undefined;
  }

  async #open(): Promise<FileHandle> {
    try {
      return await open(this.#file, "r");
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      const message = `${this.#file} cannot be read any more: ${code}`;
      throw new DeployError("body-changed", message, { place: { path: this.#place }, cause });
    }
  }

  async #mustEnd(): Promise<void> {
    const size = (await this.#handle?.stat())?.size;
    if (size !== undefined && size !== this.#size) throw this.#changed(size);
  }

  #changed(size: number): DeployError {
    const message = `${this.#file} changed while it was sent: ${this.#size} bytes were announced, it has ${size}`;
    return new DeployError("body-changed", message, { place: { path: this.#place } });
  }
}

/** Hex SHA-256 of a file; memory stays flat. */
export async function sha256OfFile(file: string, size: number, place: string): Promise<string> {
  const source = new FileSource(file, size, place);
  const sum = createHash("sha256");
  try {
    for (let left = size; left > 0; left -= 1 << 20) sum.update(await source.next(1 << 20));
  } finally {
    await source.close();
  }
  return sum.digest("hex");
}
