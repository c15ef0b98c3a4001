import { pipeline } from "node:stream/promises";
import zlib, { createGunzip } from "node:zlib";
import { DeployError, needZstd } from "@deploy/core";
import type { Compression } from "@deploy/remote";

const chunkSize = 262_144;

/** What the compressed bytes hold; one zstd frame, or gzip members in a row. Throws `backup-damaged`, or the source's own error. */
export async function* unpack(
  source: AsyncIterable<Uint8Array>,
  compression: Compression,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (compression === "none") return yield* passed(source);
  if (compression === "zstd") needZstd();
  const engine =
    compression === "gzip" ? createGunzip({ chunkSize }) : zlib.createZstdDecompress({ chunkSize });
  const fed = pipeline(source, engine);
  // The reader below sees the same failure; without this the promise would be unhandled.
  fed.catch(() => {});
  try {
    yield* engine as AsyncIterable<Uint8Array>;
    await fed;
  } catch (error) {
    throw isFormatError(error) ? damaged(compression, error) : error;
  } finally {
    engine.destroy();
  }
}

async function* passed(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  yield* source;
}

function isFormatError(error: unknown): boolean {
  const code = String((error as { readonly code?: unknown } | undefined)?.code);
  return code.startsWith("Z_") || code.startsWith("ZSTD_");
}

function damaged(compression: Compression, cause: unknown): DeployError {
  const why = String((cause as { readonly message?: unknown }).message);
  return new DeployError("backup-damaged", `The bytes are no whole ${compression} stream: ${why}`, { cause });
}
