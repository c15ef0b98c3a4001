import { DeployError } from "@deploy/core";
import {
  type AuditEntry,
  type AuditHead,
  digestOf,
  entryAfter,
  entryKey,
  headOf,
  headOfChain,
  type Mark,
  nothing,
  type Place,
  readEntry,
  readHead,
  textOf,
} from "@deploy/core/records";
import type { Store } from "@deploy/store";
import { putInPlace, readBytes, readVersion, rounds, type Version } from "./objects.ts";

const json = { contentType: "application/json" };

export interface HeadThere {
  readonly head: Pick<AuditHead, "last" | "anchor">;
  readonly version: Version | undefined;
}

/** Throws `records-damaged`: nothing is chained to what is not known. */
export async function findHead(store: Store, place: Place): Promise<HeadThere> {
  const version = await readVersion(store, headOf(place));
  if (version === undefined) return { head: { last: nothing, anchor: nothing }, version };
  const head = readHead(version.bytes.toString());
  if (head === undefined) throw damaged(store, headOf(place));
  return { head, version };
}

/**
 * Adds an entry to the chain; whichever of several writers comes first, each gets a place of its own. The entry is put where none
 * lies, then the head says so; a writer that finds an entry the head does not know of (its writer was killed, or is at it) says so for
 * it. It is over when the head knows of ours: what was read of the head may be newer than the version that it was taken for, and then
 * the head is not replaced.
 */
export async function appendEntry(
  store: Store,
  place: Place,
  link: Omit<AuditEntry, "sequence" | "previous">,
): Promise<Mark> {
  let ours: Mark | undefined;
  for (let round = 0; round < rounds; round++) {
    const { head, version } = await findHead(store, place);
    if (ours !== undefined && head.last.sequence >= ours.sequence) return ours;
    const sequence = head.last.sequence + 1;
    const key = entryKey(place, sequence);
    const text = ours === undefined ? textOf(entryAfter(head.last, link)) : undefined;
    const isOurs = text !== undefined && (await isPut(store, key, text));
    const bytes = isOurs ? Buffer.from(text) : await readBytes(store, key);
    if (readEntry(bytes.toString())?.previous !== head.last.sha256) throw damaged(store, key);
    const last = { sequence, sha256: digestOf(bytes) };
    if (isOurs) ours = last;
    await putInPlace(store, headOf(place), textOf(headOfChain(last, head.anchor)), version, json);
  }
  // It lies in its place, and the next writer says so for it.
  if (ours !== undefined) return ours;
  throw new DeployError("store-failed", `${store.location}: others write records without a pause`);
}

async function isPut(store: Store, key: string, text: string): Promise<boolean> {
  const put = await store.put(key, Buffer.from(text), { ...json, overwrite: false });
  return put.kind === "written";
}

function damaged(store: Store, key: string): DeployError {
  const message = `${key} in ${store.location} is not as it was written`;
  return new DeployError("records-damaged", message, { place: { path: key } });
}
