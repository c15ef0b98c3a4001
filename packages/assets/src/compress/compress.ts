import { inParallel } from "../fingerprint/parallel.ts";
import type { Encoding } from "../types.ts";
import { type CompressCache, openCache } from "./cache.ts";
import { encodeBody, estimateBody } from "./encode.ts";
import { isCompressible } from "./kinds.ts";

export interface Compressible {
  readonly path: string;
  readonly size: number;
  /** Hex; what the cache goes by. */
  readonly sha256: string;
  readonly read: () => Promise<Uint8Array>;
}

export interface Compressed {
  /** Bytes, of the sibling, or else as a server compresses. */
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
  let read: Promise<Uint8Array> | undefined;
  const bytes = () => {
    read ??= file.read();
    return read;
  };
  for (const encoding of wanted) {
    let body = await cache.body(file.sha256, encoding);
    if (body === undefined) {
      body = await encodeBody(await bytes(), encoding);
      await cache.keep(file.sha256, encoding, body);
    }
    sizes.set(encoding, body.length);
    if (body.length < file.size) bodies.push({ encoding, body });
  }
  for (const encoding of ["gzip", "br"] as const) {
    if (wanted.has(encoding)) continue;
    const known = cache.estimated(file.sha256, encoding);
    const size = known ?? (await estimateBody(await bytes(), encoding));
    if (known === undefined) cache.estimate(file.sha256, encoding, size);
    sizes.set(encoding, size);
  }
  const [gzip, brotli] = [sizes.get("gzip"), sizes.get("br")];
  return { ...(gzip === undefined ? {} : { gzip }), ...(brotli === undefined ? {} : { brotli }), bodies };
}
