import {
  auditOf,
  digestOf,
  expired,
  headOf,
  headOfChain,
  type Keeping,
  type Place,
  readEntry,
  sequenceIn,
  textOf,
} from "@deploy/core/records";
import type { Store } from "@deploy/store";
import { findHead } from "./append.ts";
import { bytesThere, eachOf, keysBelow, putInPlace } from "./objects.ts";

/** How many old entries one run looks at: it has a deploy to end. */
const most = 20;

/**
 * Takes away what was kept long enough, oldest first. The head says first which entry is the last that went: the chain is then
 * whole from there on, whatever becomes of this run. Returns how many went.
 */
export async function pruneRecords(store: Store, place: Place, keeping: Keeping, now: Date): Promise<number> {
  const { head, version } = await findHead(store, place);
  const keys = (await keysBelow(store, auditOf(place))).filter((key) => sequenceIn(key) !== undefined);
  const behind = (key: string): boolean => (sequenceIn(key) ?? 0) <= head.anchor.sequence;
  const chained = keys.filter((key) => !behind(key));
  const count = Math.min(chained.length - keeping.keep, most);
  const oldest = await eachOf(chained.slice(0, Math.max(0, count)), (key) => readOld(store, key));
  const gone = expired([...oldest, ...chained.slice(oldest.length).map(unread)], keeping, now);
  const last = oldest[gone.length - 1];
  if (last !== undefined) {
    const anchor = { sequence: sequenceIn(last.key) ?? 0, sha256: last.sha256 };
    const text = textOf(headOfChain(head.last, anchor));
    const first = await putInPlace(store, headOf(place), text, version, { contentType: "application/json" });
    if (!first) return 0;
  }
  // What a run that was killed left behind goes, too.
  const left = await eachOf(keys.filter(behind), (key) => readOld(store, key));
  for (const { key, report } of [...left, ...oldest.slice(0, gone.length)]) {
    if (report !== undefined) await store.remove(report);
    await store.remove(key);
  }
  return gone.length;
}

async function readOld(store: Store, key: string) {
  const bytes = await bytesThere(store, key);
  const entry = readEntry(bytes.toString());
  return { key, sha256: digestOf(bytes), time: entry?.time, report: entry?.report.key };
}

const unread = (key: string) => ({ key, sha256: "", time: undefined, report: undefined });
