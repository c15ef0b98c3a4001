import { createReadStream, createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";

const chunk = 256 * 1024;

/** gzip without name or time: equal bytes for equal input. */
export async function writeGzip(file: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  await pipeline(bytes, createGzip({ level: 6 }), createWriteStream(file, { mode: 0o600 }));
}

export async function* hashing(
  bytes: AsyncIterable<Uint8Array>,
  hash: { update(data: Uint8Array): unknown },
): AsyncGenerator<Uint8Array> {
  for await (const part of bytes) {
    hash.update(part);
    yield part;
  }
}

/** The uncompressed bytes of a gzip file. */
export async function* readGzip(file: string): AsyncGenerator<Uint8Array> {
  const unzipped = createGunzip({ chunkSize: chunk });
  const source = createReadStream(file, { highWaterMark: chunk });
  const piped = pipeline(source, unzipped);
  // The reader below sees the same failure; without this the promise would be unhandled.
  piped.catch(() => {});
  yield* unzipped as AsyncIterable<Uint8Array>;
  await piped;
}
