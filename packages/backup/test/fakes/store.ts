import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { DeployError } from "@deploy/core";
import type { ObjectDetails, Put, Store } from "@deploy/store";

/** A store in memory: for faults that no real one has on demand. Spread it and replace what shall fail. */
export interface MemoryStore extends Store {
  readonly objects: Map<string, { readonly bytes: Buffer; readonly details: ObjectDetails }>;
}

export function memoryStore(): MemoryStore {
  const objects: MemoryStore["objects"] = new Map();
  const keep = (
    key: string,
    bytes: Buffer,
    options: Parameters<Store["put"]>[2] | Parameters<Store["putStream"]>[2],
  ): Put => {
    const present = objects.get(key);
    if (present !== undefined && !options.overwrite) return { kind: "present", object: present.details };
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const metadata = options.metadata ?? {};
    objects.set(key, { bytes, details: { key, size: bytes.length, modified: 0, metadata } });
    return { kind: "written", size: bytes.length, sha256 };
  };
  const store: MemoryStore = {
    objects,
    location: "memory",
    async *list(prefix) {
      const keys = [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();
      for (const key of keys) yield (objects.get(key) as { details: ObjectDetails }).details;
    },
    details: async (key) => objects.get(key)?.details,
    async read(key) {
      const found = objects.get(key);
      if (found === undefined) throw new DeployError("object-missing", `There is no ${key}`);
      return Readable.from(slices(found.bytes));
    },
    put: async (key, body, options) => keep(key, Buffer.from(body as Uint8Array), options),
    async putStream(key, body, options) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of body) chunks.push(chunk);
      return keep(key, Buffer.concat(chunks), options);
    },
    async remove(key) {
      objects.delete(key);
    },
    listUnfinished: async () => [],
    close: () => {},
  };
  return store;
}

/** Puts other bytes under a key, as somebody who may write to the bucket could. */
export function tamper(store: MemoryStore, key: string, change: (bytes: Buffer) => Buffer): void {
  const found = store.objects.get(key);
  if (found === undefined) throw new Error(`no ${key}`);
  const bytes = change(Buffer.from(found.bytes));
  store.objects.set(key, { bytes, details: { ...found.details, size: bytes.length } });
}

export function* slices(bytes: Buffer, size = 10_000): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
