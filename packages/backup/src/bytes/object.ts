import type { Store } from "@deploy/store";

/** The bytes of one object. Throws `object-missing`, or what broke the connection; never a short read. */
export async function* objectBytes(
  store: Store,
  key: string,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  signal?.throwIfAborted();
  for await (const chunk of await store.read(key)) {
    signal?.throwIfAborted();
    yield typeof chunk === "string" ? Buffer.from(chunk) : chunk;
  }
}
