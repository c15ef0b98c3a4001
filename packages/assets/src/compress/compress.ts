import { inParallel } from "../fingerprint/parallel.ts";
import type { Encoding } from "../types.ts";
import { type CompressCache, openCache } from "./cache.ts";
import { encodeBody, largestBest } from "./encode.ts";
import { isCompressible } from "./kinds.ts";

export interface Compressible {
  readonly path: string;
  readonly size: number;
  /** Hex; what the cache goes by. */
  readonly sha256: string;
  readonly read: () => Promise<Uint8Array>;
}

export interface Compressed {
  /** Bytes; brotli is absent for large files unless it was asked for. */
  readonly gzip?: number;
  readonly brotli?: number;
  /** Bodies of the encodings asked for that are smaller than the file. */
  readonly bodies: readonly { readonly encoding: Encoding; readonly body: Uint8Array }[];
}

/**
 * Sizes of every file that compresses (for the table), and the bodies of the encodings `wanted`, several at a time.
 * Results are by path; files that do not compress have none.
 */
export async function compressFiles(
  files: readonly Compressible[],
  wanted: readonly Encoding[],
  options: { cache?: string; signal?: AbortSignal },
): Promise<ReadonlyMap<string, Compressed>> {
  const cache = await openCache(options.cache);
  const some = files.filter((file) => isCompressible(file.path, file.size));
  const results = await inParallel(some, 8, async (file) => {
    options.signal?.throwIfAborted();
    return [file.path, await compressFile(file, new Set(wanted), cache)] as const;
  });
  await cache.save();
  return new Map(results);
}

async function compressFile(
  file: Compressible,
  wanted: ReadonlySet<Encoding>,
  cache: CompressCache,
): Promise<Compressed> {
  const sizes = new Map<Encoding, number>();
  const bodies: { encoding: Encoding; body: Uint8Array }[] = [];
  let bytes: Promise<Uint8Array> | undefined;
  for (const encoding of encodingsFor(file, wanted)) {
    const store = wanted.has(encoding);
    let body = store ? await cache.body(file.sha256, encoding) : undefined;
    const known = body?.length ?? (store ? undefined : cache.known(file.sha256, encoding)?.size);
    if (known === undefined) {
      bytes ??= file.read();
      body = await encodeBody(await bytes, encoding);
      await cache.keep(file.sha256, encoding, body, store);
    }
    const size = known ?? body?.length ?? 0;
    sizes.set(encoding, size);
    if (store && body !== undefined && size < file.size) bodies.push({ encoding, body });
  }
  const [gzip, brotli] = [sizes.get("gzip"), sizes.get("br")];
  return { ...(gzip === undefined ? {} : { gzip }), ...(brotli === undefined ? {} : { brotli }), bodies };
}

function encodingsFor(file: Compressible, wanted: ReadonlySet<Encoding>): readonly Encoding[] {
  const all: readonly Encoding[] = ["gzip", "br", "zstd"];
  const estimated = (encoding: Encoding) =>
    encoding === "gzip" || (encoding === "br" && file.size <= largestBest);
  return all.filter((encoding) => wanted.has(encoding) || estimated(encoding));
}
