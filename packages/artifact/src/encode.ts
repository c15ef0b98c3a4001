import { pipeline } from "node:stream/promises";
import zlib, { constants, createGzip } from "node:zlib";
import type { Encoding } from "@deploy/core";

/**
 * Measured on 36 MB of installed packages, CPU and size: gzip 6 495 ms, 5.3 MB; zstd 1 69 ms, 5.2 MB; 3 81 ms, 4.2 MB;
 * 5 166 ms, 3.8 MB; 9 431 ms, 3.2 MB. The delta of ten files takes 3 ms at 3, 2 at 1, 7 with gzip, all as large.
 */
const zstdLevel = 3;

/** The bytes as they are sent. Throws what `bytes` throws. */
export function encode(bytes: AsyncIterable<Uint8Array>, encoding: Encoding): AsyncIterable<Uint8Array> {
  return encoding === "none" ? bytes : through(bytes, coders[encoding]());
}

const coders = {
  gzip: () => createGzip({ level: 6 }),
  zstd: () =>
    zlib.createZstdCompress({
      params: { [constants.ZSTD_c_compressionLevel]: zstdLevel, [constants.ZSTD_c_checksumFlag]: 1 },
    }),
};

/** What comes out of a stream that is fed with `bytes`. */
export async function* through(
  bytes: AsyncIterable<Uint8Array> | NodeJS.ReadableStream,
  coder: NodeJS.ReadWriteStream & AsyncIterable<unknown>,
): AsyncGenerator<Uint8Array> {
  const piped = pipeline(bytes, coder);
  // The reader below sees the same failure; without this the promise would be unhandled.
  piped.catch(() => {});
  yield* coder as AsyncIterable<Uint8Array>;
  await piped;
}
