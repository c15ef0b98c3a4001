import type { Finding } from "./issues.ts";
import { toStore } from "./store.ts";
import { storeShape } from "./storeSchema.ts";
import { show } from "./text.ts";
import type { Upload } from "./types.ts";
import { type RawUpload, uploadStorePhrase } from "./uploadSchema.ts";

/** Where the config says nothing about uploads. */
export const defaultUpload: Upload = {
  method: "artifact",
  unchanged: "copy",
  compression: "auto",
  atOnce: 64,
  filter: [],
};

/** Defaults filled in. */
export function resolveUpload(given: RawUpload): Upload {
  const raw = asMapping(given);
  const { method = defaultUpload.method } = raw;
  const uses = method === "pull" || method === "auto";
  return {
    method,
    unchanged: raw.unchanged ?? defaultUpload.unchanged,
    compression: raw.compression ?? defaultUpload.compression,
    atOnce: raw["at-once"] ?? defaultUpload.atOnce,
    filter: raw.filter ?? defaultUpload.filter,
    ...(uses && raw.store !== undefined ? { store: toStore(raw.store, raw) } : {}),
  };
}

export interface UploadContext {
  /** Everything a deploy needs is asked for, not only what is there. */
  readonly complete: boolean;
  /** An input chose the method over the file's: the file's store may idle. */
  readonly overruled: boolean;
}

/** What each key says is right; what they say together is judged here. */
export function checkUpload(
  given: RawUpload | undefined,
  { complete, overruled }: UploadContext,
): readonly Finding[] {
  const raw = asMapping(given ?? {});
  const { method = defaultUpload.method, store } = raw;
  if (method === "pull" && store === undefined && complete) {
    const message = `expected ${uploadStorePhrase}, got nothing`;
    return [{ path: ["upload", "store"], at: "key", code: "config-missing", message }];
  }
  if (store === undefined) return idleKeys(raw);
  if (method === "pull" || method === "auto" || overruled) return [];
  const message = `expected method: pull or auto beside a store, got ${show(raw.method)}`;
  const hint = "No other method uses a store.";
  return [{ path: ["upload", "store"], at: "key", code: "config-conflict", message, hint }];
}

/** How a store is spoken to, without one. */
function idleKeys(raw: ReturnType<typeof asMapping>): readonly Finding[] {
  return (Object.keys(storeShape) as (keyof typeof storeShape)[])
    .filter((key) => raw[key] !== undefined)
    .map((key) => {
      const message = "expected a store beside it, got nothing";
      return { path: ["upload", key], at: "key", code: "config-conflict", message };
    });
}

/** `upload: rsync` is `{ method: rsync }`. */
function asMapping(given: RawUpload): Exclude<RawUpload, string> {
  return typeof given === "string" ? { method: given } : given;
}
