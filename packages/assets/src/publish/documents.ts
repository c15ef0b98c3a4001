import type { Put, Store } from "@deploy/store";

/** A small object, whole. Undefined: larger than `limit` bytes. */
export async function readWhole(store: Store, key: string, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of await store.read(key)) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > limit) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

/** One of our own documents; caches in front of the store are not to keep it. */
export function putJson(store: Store, key: string, value: unknown, overwrite = true): Promise<Put> {
  return store.put(key, Buffer.from(`${JSON.stringify(value)}\n`), {
    contentType: "application/json",
    cacheControl: "private, no-store",
    overwrite,
  });
}

export function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}

type Unknown = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Unknown {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
