import { pipeline } from "node:stream/promises";

/** What comes out of a stream that is fed with `bytes`. Throws what `bytes` throws. */
export async function* through(
  bytes: AsyncIterable<Uint8Array>,
  coder: NodeJS.ReadWriteStream & AsyncIterable<unknown>,
): AsyncGenerator<Uint8Array> {
  const piped = pipeline(bytes, coder);
  // The reader below sees the same failure; without this the promise would be unhandled.
  piped.catch(() => {});
  yield* coder as AsyncIterable<Uint8Array>;
  await piped;
}

/** All of it, in one piece. */
export async function gather(bytes: AsyncIterable<Uint8Array | string>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}
