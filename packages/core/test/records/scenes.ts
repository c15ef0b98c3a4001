import type { Result } from "@deploy/core";
import { makeReport } from "@deploy/core";
import {
  type AuditEntry,
  digestOf,
  entryAfter,
  entryKey,
  headOfChain,
  type Kept,
  linkOf,
  type Mark,
  nothing,
  type RunRecord,
  readRecord,
  recordKey,
  textOf,
} from "@deploy/core/records";
import { commit, deployPlan, minted, now, old } from "../fixtures.ts";

export const place = { app: "shop", environment: "production" };

/** A run that ended `minutes` before now. */
export function recordOf(
  minutes: number,
  run: string,
  changes: Partial<RunRecord["report"]> = {},
  more: Partial<RunRecord> = {},
): RunRecord {
  const made = makeReport({
    plan: deployPlan(),
    outcomes: [],
    live: [],
    dryRun: false,
    cancelled: false,
    timings: { total: 42_000, window: 900 },
  });
  const report = {
    ...made,
    result: "deployed" as Result,
    release: minted,
    previous: old,
    changed: true,
    ...changes,
  };
  const time = new Date(now.getTime() - minutes * 60_000).toISOString();
  const who = { run, attempt: "1", runUrl: `https://github.com/${run}`, actor: "ada" };
  return { schema: 1, ...place, time, ...who, commit, phases: ["activate"], report, ...more };
}

/** As it is read again. */
export function readOf(record: RunRecord) {
  const read = readRecord(textOf(record));
  if (read === undefined) throw new Error("a record that cannot be read");
  return read;
}

/** All that a chain of these records leaves in a store; each part may be put in another's place. */
export function keptOf(
  records: readonly RunRecord[],
  anchor: Mark = nothing,
): Kept & { readonly made: AuditEntry[] } {
  const [entries, reports] = [new Map<number, Uint8Array>(), new Map<string, string>()];
  const made: AuditEntry[] = [];
  let last: Mark = anchor;
  for (const record of records) {
    const key = recordKey(place, record.time, record.run);
    const sha256 = digestOf(textOf(record));
    reports.set(key, sha256);
    const entry = entryAfter(last, linkOf(record, { key, sha256, approvals: [] }));
    const bytes = Buffer.from(textOf(entry));
    entries.set(entry.sequence, bytes);
    made.push(entry);
    last = { sequence: entry.sequence, sha256: digestOf(bytes) };
  }
  return { place, head: Buffer.from(textOf(headOfChain(last, anchor))), entries, reports, made };
}

export const key = (sequence: number): string => entryKey(place, sequence);
