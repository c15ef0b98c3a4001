import { headOf, type Kept, recordKey, renderVerifiedText, verifyRecords } from "@deploy/core/records";
import { describe, expect, test } from "@jest/globals";
import { keptOf, key, place, recordOf } from "./scenes.ts";

const records = [5, 4, 3, 2, 1].map((minutes) => recordOf(minutes, `org/shop/${10 - minutes}`));
const whole = keptOf(records);
const found = (kept: Kept) =>
  verifyRecords(kept).findings.map(({ what, key, sequence }) => `${what} ${key} ${sequence}`);
const withEntry = (sequence: number, bytes: Uint8Array | undefined): Kept => {
  const entries = new Map(whole.entries);
  if (bytes === undefined) entries.delete(sequence);
  else entries.set(sequence, bytes);
  return { ...whole, entries };
};
const bytesOf = (sequence: number): Uint8Array => whole.entries.get(sequence) ?? new Uint8Array();
const altered = (bytes: Uint8Array, at: number): Uint8Array =>
  bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));

test("what is as it was written is proved, and its newest digest told", () => {
  const { proved, findings, last } = verifyRecords(whole);
  expect([proved, findings]).toEqual([5, []]);
  expect(renderVerifiedText(verifyRecords(whole))).toBe(
    `5 of 5 entries are proved. The newest is 5, ${last.sha256}.\n`,
  );
});

test("whichever byte of whichever entry is another, that entry is named, and named first", () => {
  for (const sequence of [1, 2, 3, 4, 5]) {
    const bytes = bytesOf(sequence);
    for (let at = 0; at < bytes.length; at++) {
      const [first] = verifyRecords(withEntry(sequence, altered(bytes, at))).findings;
      if (first?.sequence !== sequence || first.key !== key(sequence))
        throw new Error(`byte ${at} of ${sequence}: ${JSON.stringify(first)}`);
    }
  }
});

test("whichever byte of the head is another, the head is named and no entry", () => {
  const head = whole.head ?? new Uint8Array();
  for (let at = 0; at < head.length; at++) {
    const keys = new Set(verifyRecords({ ...whole, head: altered(head, at) }).findings.map(({ key }) => key));
    if ([...keys].join() !== headOf(place)) throw new Error(`byte ${at}: ${[...keys].join()}`);
  }
});

describe("what else is not as it was written", () => {
  test("an entry is missing, also the newest and the oldest", () => {
    for (const sequence of [1, 3, 5])
      expect(found(withEntry(sequence, undefined))[0]).toBe(`missing ${key(sequence)} ${sequence}`);
  });

  test("two entries are in each other's place", () => {
    const entries = new Map(whole.entries).set(2, bytesOf(4)).set(4, bytesOf(2));
    expect(found({ ...whole, entries }).slice(0, 1)).toEqual([`moved ${key(2)} 2`]);
  });

  test("a report was changed, is missing, or was put there by somebody", () => {
    const [first, second] = records.map(({ time, run }) => recordKey(place, time, run));
    const reports = new Map(whole.reports).set(first ?? "", "0".repeat(64)).set("reports/x.json", "");
    reports.delete(second ?? "");
    expect(found({ ...whole, reports })).toEqual([
      `changed ${first} 1`,
      `missing ${second} 2`,
      "unchained reports/x.json Infinity",
    ]);
  });

  test("the head is gone; all that was written is gone", () => {
    expect(found({ ...whole, head: undefined })).toEqual([`missing ${headOf(place)} Infinity`]);
    const nobody = { ...whole, head: undefined, entries: new Map(), reports: new Map() };
    expect([found(nobody), renderVerifiedText(verifyRecords(nobody))]).toEqual([
      [],
      "No record is kept yet.\n",
    ]);
  });

  test("all was written anew from one entry on: who has the newest digest sees it", () => {
    const again = keptOf([...records.slice(0, 2), recordOf(3, "org/shop/666"), ...records.slice(3)]);
    expect(found(again)).toEqual([]);
    expect(verifyRecords(again).last.sha256).not.toBe(verifyRecords(whole).last.sha256);
  });
});

test("an entry that the head does not know of yet is no fault; one that follows another is", () => {
  const { head } = keptOf(records.slice(0, 4));
  expect(found({ ...whole, head })).toEqual([]);
  const entries = new Map(whole.entries).set(5, altered(bytesOf(5), 60));
  const forged = new TextDecoder().decode(bytesOf(5)).replace(/"previous":"./, '"previous":"0');
  const changed =
    forged === new TextDecoder().decode(bytesOf(5))
      ? forged.replace('"previous":"0', '"previous":"1')
      : forged;
  expect(found({ ...whole, head, entries: entries.set(5, Buffer.from(changed)) })).toContain(
    `changed ${key(5)} 5`,
  );
});

test("what retention took away leaves a chain that is whole from there on", () => {
  const [, second] = whole.made;
  const anchor = { sequence: 2, sha256: whole.made[2]?.previous ?? null };
  const kept = keptOf(records.slice(2), anchor);
  const verified = verifyRecords(kept);
  expect([verified.proved, verified.findings, second?.sequence]).toEqual([3, [], 2]);
  expect(renderVerifiedText(verified)).toContain(
    "3 of 3 entries are proved; those up to 2 were kept long enough.",
  );
  const stranger = keptOf(records.slice(2), { ...anchor, sha256: "0".repeat(64) });
  expect(found({ ...stranger, head: kept.head })[0]).toMatch(/^changed /);
});
