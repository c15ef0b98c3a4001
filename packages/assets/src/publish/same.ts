import { join } from "node:path";
import type { Store, StoredObject } from "@deploy/store";
import type { AssetFile } from "../types.ts";
import { digestOf, md5OfFile } from "./bytes.ts";

/** Whether an object of the store is this file; `gone`: it was removed meanwhile. */
export type Sameness = "same" | "other" | "gone";

/**
 * Compares by the cheapest proof at hand: size, then MD5 against the ETag (no request), then the SHA-256 we kept
 * as metadata (one request), then the object's own bytes (somebody else put it there).
 */
export async function compareObject(
  store: Store,
  output: string,
  file: AssetFile,
  object: StoredObject,
): Promise<Sameness> {
  if (isSibling(file)) return "same";
  if (object.size !== file.size) return "other";
  if (isMd5(object.etag) && object.etag === (await md5OfFile(join(output, file.path)))) return "same";
  // Another ETag proves nothing: objects encrypted by a key service or put in parts have one of their own kind.
  const found = await store.details(file.path);
  if (found === undefined) return "gone";
  return compareDetails(store, file, found);
}

/** The same where the object's details are at hand already. */
export async function compareDetails(
  store: Store,
  file: AssetFile,
  found: { readonly size: number; readonly sha256?: string },
): Promise<Sameness> {
  if (isSibling(file)) return "same";
  if (found.size !== file.size) return "other";
  const sha256 = found.sha256 ?? (await digestOf(await store.read(file.path), "sha256"));
  return sha256 === file.sha256 ? "same" : "other";
}

/**
 * Named by the content it holds when unpacked: another version of zlib writes other bytes for the same content, and
 * what lies there was published by us for it.
 */
function isSibling({ encoding, immutable }: AssetFile): boolean {
  return encoding !== undefined && immutable;
}

function isMd5(etag: string | undefined): etag is string {
  return etag !== undefined && /^[0-9a-f]{32}$/.test(etag);
}
