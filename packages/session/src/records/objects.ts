import { problemOf } from "@deploy/core";
import type { Store } from "@deploy/store";

/** An object's bytes, and the version that they are, or an older one: who replaces that one has read all that it replaces. */
export interface Version {
  readonly bytes: Buffer;
  readonly etag: string;
  /** Ours, lower-case names. */
  readonly metadata: Readonly<Record<string, string>>;
}

export async function readBytes(
  store: Store,
  key: string,
  range?: { readonly start: number; readonly end: number },
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of await store.read(key, range)) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** What lies there, be it what was stored or not: whoever looks for damage wants to see it. Empty where not even that can be read. */
export async function bytesThere(store: Store, key: string): Promise<Buffer> {
  try {
    return await readBytes(store, key);
  } catch (error) {
    if (problemOf(error).code !== "object-damaged") throw error;
  }
  // Of a range no store compares the sum.
  const range = { start: 0, end: 16 * 1024 * 1024 };
  return readBytes(store, key, range).catch((error: unknown) => {
    if (["object-damaged", "object-range"].includes(problemOf(error).code)) return Buffer.alloc(0);
    throw error;
  });
}

/** Undefined: there is no such object. */
export async function readVersion(store: Store, key: string): Promise<Version | undefined> {
  const details = await store.details(key);
  if (details === undefined) return undefined;
  try {
    return { bytes: await bytesThere(store, key), etag: details.etag ?? "", metadata: details.metadata };
  } catch (error) {
    // Read while another replaced it: the next look is at what lies there then.
    const { code } = problemOf(error);
    if (code === "object-changed" || code === "object-missing") return readVersion(store, key);
    throw error;
  }
}

/** Puts it in the place of the version that was read, or where nothing lay; false: another was faster. */
export async function putInPlace(
  store: Store,
  key: string,
  text: string,
  before: Version | undefined,
  how: { readonly contentType: string; readonly metadata?: Readonly<Record<string, string>> },
): Promise<boolean> {
  const overwrite = before === undefined ? false : { etag: before.etag };
  try {
    // no-cache: what it says is true of one moment.
    const put = await store.put(key, Buffer.from(text), {
      ...how,
      cacheControl: "no-cache",
      overwrite,
    });
    return put.kind === "written";
  } catch (error) {
    if (problemOf(error).code === "object-missing") return false;
    throw error;
  }
}

/** How often a place is tried that others write to at the same time: each try that fails is one of theirs that did not. */
export const rounds = 100;

export async function keysBelow(store: Store, prefix: string): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix)) keys.push(key);
  return keys;
}

/** `work` for each of them, eight at once, in their order. */
export async function eachOf<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const left = items.entries();
  const worker = async () => {
    for (const [at, item] of left) results[at] = await work(item);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return results;
}
