import { Readable } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { DeployError, type Encoding } from "@deploy/core";

/** A parcel's bytes as they were before they were compressed. Throws `stream-damaged`. */
export async function* unpacked(
  input: AsyncIterable<Uint8Array>,
  encoding: Encoding,
): AsyncGenerator<Uint8Array> {
  if (encoding === "none") {
    yield* input;
    return;
  }
  const unpack = encoding === "gzip" ? createGunzip() : createZstdDecompress();
  const source = Readable.from(input);
  source.on("error", (error) => unpack.destroy(error));
  try {
    for await (const chunk of source.pipe(unpack)) yield chunk as Uint8Array;
  } catch (error) {
    throw error instanceof DeployError
      ? error
      : new DeployError("stream-damaged", `the upload could not be unpacked: ${(error as Error).message}`);
  } finally {
    source.destroy();
    unpack.destroy();
  }
}
