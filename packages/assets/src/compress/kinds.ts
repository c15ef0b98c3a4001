import type { Encoding } from "../types.ts";

const compressible =
  /\.(?:css|[cm]?js|x?html?|svg|json|map|xml|txt|webmanifest|wasm|ttf|otf|eot|ico|bmp|md|csv|rss|atom|vtt|geojson|gltf|glsl)$/i;

/** Larger files are served as they are: brotli at its best takes seconds a megabyte. */
export const largestCompressed = 32 * 1024 * 1024;

export function isCompressible(path: string, size: number): boolean {
  return compressible.test(path) && size > 0 && size <= largestCompressed;
}

export const suffixes: Readonly<Record<Encoding, string>> = { gzip: ".gz", br: ".br", zstd: ".zst" };
