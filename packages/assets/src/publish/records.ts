import type { Store, StoredObject } from "@deploy/store";
import { putJson, readWhole } from "./documents.ts";
import { pendingKey } from "./pending.ts";
import { pooled } from "./pool.ts";
import { parseRecord, type ReleaseRecord, recordFolder, recordKey } from "./record.ts";

/** A record and what the store says of it. */
export interface StoredRecord {
  readonly key: string;
  readonly record: ReleaseRecord;
  /** The store's own clock, milliseconds since 1970. */
  readonly modified: number;
}

/** Some 200,000 files. */
const largestRecord = 128 * 1024 * 1024;

/** Every object that lies where records lie, records or not. */
export async function listRecords(store: Store): Promise<readonly StoredObject[]> {
  const found: StoredObject[] = [];
  for await (const object of store.list(recordFolder)) if (object.key !== pendingKey) found.push(object);
  return found;
}

/** All records. Throws `assets-record` where one cannot be read: what it names would be taken for nobody's. */
export async function readRecords(store: Store, signal?: AbortSignal): Promise<readonly StoredRecord[]> {
  const records: StoredRecord[] = [];
  const limits = { tasks: 4, ...(signal === undefined ? {} : { signal }) };
  await pooled(await listRecords(store), limits, async ({ key, modified }) => {
    records.push({ key, modified, record: await readRecord(store, key) });
  });
  return records;
}

export async function readRecord(store: Store, key: string): Promise<ReleaseRecord> {
  return parseRecord(key, await readWhole(store, key, largestRecord));
}

/** Replaces the record of its release. */
export async function putRecord(store: Store, record: ReleaseRecord): Promise<void> {
  await putJson(store, recordKey(record.release), record);
}
