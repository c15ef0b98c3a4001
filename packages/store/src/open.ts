import { resolve } from "node:path";
import { parseStoreAddress } from "./address.ts";
import { folderStore } from "./folder/store.ts";
import { s3Store } from "./s3/store.ts";
import type { S3Options, Store } from "./types.ts";

/** What an address does not say. Ignored by a folder. */
export type StoreSettings = Omit<S3Options, "bucket" | "prefix">;

/** The store that this address names (see `parseStoreAddress`); a folder is one below `root`. Nothing is connected to yet. */
export function openStore(address: string, settings: StoreSettings = {}, root = process.cwd()): Store {
  const parsed = parseStoreAddress(address);
  if (parsed.kind === "folder") return folderStore(resolve(root, parsed.path));
  return s3Store({ ...settings, bucket: parsed.bucket, prefix: parsed.prefix });
}
