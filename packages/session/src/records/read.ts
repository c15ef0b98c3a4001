import {
  auditOf,
  digestOf,
  headOf,
  type Place,
  type ReadRecord,
  readRecord,
  reportsOf,
  sequenceIn,
  type Verified,
  verifyRecords,
} from "@deploy/core/records";
import type { Store } from "@deploy/store";
import { bytesThere, eachOf, keysBelow, readVersion } from "./objects.ts";

/** The newest records, oldest first; `unread`: keys of those that are none. */
export async function readRecords(
  store: Store,
  place: Place,
  most: number,
): Promise<{ readonly records: readonly ReadRecord[]; readonly unread: readonly string[] }> {
  const keys = (await keysBelow(store, reportsOf(place))).slice(-most);
  const read = await eachOf(keys, async (key) => ({
    key,
    record: readRecord((await bytesThere(store, key)).toString()),
  }));
  return {
    records: read.flatMap(({ record }) => (record === undefined ? [] : [record])),
    unread: read.flatMap(({ key, record }) => (record === undefined ? [key] : [])),
  };
}

/** Reads everything that is kept of an environment, and holds it against the chain. */
export async function verifyStore(store: Store, place: Place): Promise<Verified> {
  const head = (await readVersion(store, headOf(place)))?.bytes;
  const keys = await keysBelow(store, auditOf(place));
  const entries = await eachOf(keys, async (key) => {
    const sequence = sequenceIn(key);
    return sequence === undefined ? [] : [[sequence, await bytesThere(store, key)] as const];
  });
  const reports = await eachOf(
    await keysBelow(store, reportsOf(place)),
    async (key) => [key, digestOf(await bytesThere(store, key))] as const,
  );
  return verifyRecords({ place, head, entries: new Map(entries.flat()), reports: new Map(reports) });
}
