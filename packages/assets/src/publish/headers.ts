import type { PutOptions } from "@deploy/store";
import type { AssetFile } from "../types.ts";

/** A name made from the content never means anything else: caches need not ask again (RFC 8246). */
export const immutable = "public, max-age=31536000, immutable";
/** Kept by caches, but they ask each time whether it is still so. */
export const entry = "no-cache";

/** How one file is put: its headers, and whether what lies there may be replaced. */
export function putOptions(file: AssetFile, signal?: AbortSignal): PutOptions {
  return {
    contentType: file.contentType,
    cacheControl: file.immutable ? immutable : entry,
    ...(file.encoding === undefined ? {} : { contentEncoding: file.encoding }),
    overwrite: !file.immutable,
    sha256: file.sha256,
    ...(signal === undefined ? {} : { signal }),
  };
}
