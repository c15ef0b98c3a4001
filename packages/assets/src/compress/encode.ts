import { promisify } from "node:util";
import zlib, { brotliCompress, constants, gzip } from "node:zlib";
import { needZstd } from "@deploy/core";
import type { Encoding } from "../types.ts";

const [gzipped, brotlied] = [promisify(gzip), promisify(brotliCompress)];

/** Above, brotli at its best is too slow: its siblings are then of quality 9. */
const largestBest = 5 * 1024 * 1024;

/** One whole body, off the main thread; equal bytes for equal input and version of zlib. */
export async function encodeBody(bytes: Uint8Array, encoding: Encoding): Promise<Uint8Array> {
  if (encoding === "br") return brotlied(bytes, { params: brotliParams(bytes.length) });
  if (encoding === "zstd") return zstded(bytes);
  const body = await gzipped(bytes, { level: 9 });
  // RFC 1952: the operating system; zlib says its own, which would differ by machine.
  body[9] = 3;
  return body;
}

/** An older Node has no such function, and its absence is no reason not to load this file. */
function zstded(bytes: Uint8Array): Promise<Uint8Array> {
  needZstd();
  return promisify(zlib.zstdCompress)(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 19 } });
}

/** As servers compress on the way, in a hundredth of the time: what is shown where no sibling is wanted. */
export async function estimateBody(bytes: Uint8Array, encoding: "gzip" | "br"): Promise<number> {
  if (encoding === "gzip") return (await gzipped(bytes, { level: 6 })).length;
  return (await brotlied(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })).length;
}

function brotliParams(size: number): Record<number, number> {
  return {
    [constants.BROTLI_PARAM_QUALITY]: size > largestBest ? 9 : 11,
    [constants.BROTLI_PARAM_SIZE_HINT]: size,
  };
}
