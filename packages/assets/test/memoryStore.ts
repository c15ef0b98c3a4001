import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { DeployError } from "@deploy/core";
import type { Body, ObjectDetails, Put, PutOptions, Store, StoredObject } from "@deploy/store";

interface Kept {
  readonly bytes: Buffer;
  readonly details: ObjectDetails;
}

export interface MemoryStore extends Store {
  readonly objects: Map<string, Kept>;
  /** Calls that change something or read bytes, in order: `put css/a.css`, `remove x`. */
  readonly calls: string[];
  /** Called before each of them; what it throws is thrown. */
  before: (call: string) => void;
  /** The bytes as text. */
  text(key: string): string;
  /** As if somebody else had put it there. */
  plant(key: string, text: string, details?: Partial<ObjectDetails>): void;
}

/** The contract of a store, in memory; `clock` gives the time of each write. */
export function memoryStore(clock: () => number = () => 0): MemoryStore {
  const objects = new Map<string, Kept>();
  const calls: string[] = [];
  const note = (call: string): void => {
    store.before(call);
    calls.push(call);
  };
  const keep = (key: string, bytes: Buffer, details: Partial<ObjectDetails>): void => {
    const etag = createHash("md5").update(bytes).digest("hex");
    const base = { key, size: bytes.length, modified: clock(), etag, metadata: {} };
    objects.set(key, { bytes, details: { ...base, ...details } });
  };

  const store: MemoryStore = {
    location: "memory://",
    objects,
    calls,
    before: () => {},
    text: (key) => objects.get(key)?.bytes.toString() ?? "",
    plant: (key, text, details = {}) => keep(key, Buffer.from(text), details),
    async *list(prefix) {
      const found = [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();
      for (const key of found) yield listed(objects.get(key)?.details as ObjectDetails);
    },
    async details(key) {
      return objects.get(key)?.details;
    },
    async read(key) {
      const kept = objects.get(key);
      if (kept === undefined) throw new DeployError("object-missing", `${key} is not there`);
      return Readable.from([kept.bytes]);
    },
    async put(key, body, options) {
      note(`put ${key}`);
      const present = objects.get(key);
      if (!options.overwrite && present !== undefined) return { kind: "present", object: present.details };
      const bytes = await bytesOf(body);
      return written(keep, key, bytes, options);
    },
    async putStream() {
      throw new Error("not used here");
    },
    async remove(key) {
      note(`remove ${key}`);
      objects.delete(key);
    },
    async listUnfinished() {
      return [];
    },
    close() {},
  };
  return store;
}

async function bytesOf(body: Body): Promise<Buffer> {
  return body instanceof Uint8Array ? Buffer.from(body) : readFile(body.file);
}

function written(
  keep: (key: string, bytes: Buffer, details: Partial<ObjectDetails>) => void,
  key: string,
  bytes: Buffer,
  { contentType, cacheControl, contentEncoding, sha256 }: PutOptions,
): Put {
  const digest = createHash("sha256").update(bytes).digest("hex");
  if (sha256 !== undefined && sha256 !== digest) throw new Error(`${key}: other bytes than told`);
  const headers = { contentType, cacheControl, contentEncoding };
  const told = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
  keep(key, bytes, { sha256: digest, ...told });
  return { kind: "written", size: bytes.length, sha256: digest };
}

function listed({ key, size, modified, etag }: ObjectDetails): StoredObject {
  return { key, size, modified, ...(etag === undefined ? {} : { etag }) };
}
