import { digestOf, headOf, readEntry, recordKey } from "@deploy/core/records";
import type { Store } from "@deploy/store";
import { keysOf, readBytes } from "@deploy/testkit";
import { expect, test } from "@jest/globals";
import { place, recordOf } from "../../packages/core/test/records/scenes.ts";
import { findHead } from "../../packages/session/src/records/append.ts";
import { keepRecord } from "../../packages/session/src/records/keep.ts";
import { readRecords, verifyStore } from "../../packages/session/src/records/read.ts";
import type { Open } from "./stores.ts";

const all = { keep: 1000 };
const approval = { by: "grace", state: "approved", environments: ["production"], comment: "go" };

async function writeMany(open: Open, name: string, count: number): Promise<void> {
  for (let at = 0; at < count; at++)
    await keepRecord(open(name), recordOf(count - at, `org/shop/${at + 1}`), all);
}

/** Changes one byte of what lies there, as who may write to the store can. */
async function alter(store: Store, key: string, at: number): Promise<void> {
  const bytes = await readBytes(store, key);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await store.put(key, bytes, { overwrite: true });
}

/** What keeping records promises, on any store. */
export function keepsRecords(open: Open): void {
  test("a record is there for good, and its entry says who ran and who approved it, which plan, and which bytes", async () => {
    const record = recordOf(1, "org/shop/1");
    const mark = await keepRecord(open("one"), record, { ...all, approvals: async () => [approval] });
    const store = open("one");
    const key = recordKey(place, record.time, record.run);
    const entry = readEntry((await readBytes(store, "audit/shop/production/00000001.json")).toString());
    expect(entry).toMatchObject({
      ...{ sequence: 1, previous: null, run: record.run, actor: "ada", approvals: [approval] },
      plan: record.report.planDigest,
      report: { key, sha256: digestOf(await readBytes(store, key)) },
    });
    expect((await findHead(store, place)).head.last).toEqual(mark);
    expect((await readRecords(store, place, 10)).records.map(({ run }) => run)).toEqual([record.run]);
    const taken = { ...record, actor: "mallory" };
    await expect(keepRecord(store, taken, all)).rejects.toMatchObject({
      problem: { code: "records-damaged" },
    });
    expect((await readRecords(store, place, 10)).records[0]?.actor).toBe("ada");
  });

  test("twelve runs that end at once, in two environments, lose nothing, and the chains are whole", async () => {
    const runs = Array.from({ length: 12 }, (_, at) => at);
    await Promise.all(
      runs.map((at) => {
        const environment = at % 2 === 0 ? "production" : "staging";
        return keepRecord(open("many"), recordOf(at, `org/shop/${at}`, {}, { environment }), all);
      }),
    );
    for (const environment of ["production", "staging"]) {
      const verified = await verifyStore(open("many"), { app: "shop", environment });
      expect([verified.proved, verified.findings, verified.last.sequence]).toEqual([6, [], 6]);
    }
  });

  test("the head knows of an entry at the end, also where another replaced it while it was read", async () => {
    await writeMany(open, "late", 2);
    const store = open("late");
    let stale = (await store.details(headOf(place)))?.etag;
    await keepRecord(store, recordOf(1, "org/shop/3"), all);
    // What is read is newer than the version that was looked at just before, once.
    const late = new Proxy(store, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (name !== "details") return typeof value === "function" ? value.bind(target) : value;
        return async (key: string) => {
          const details = await target.details(key);
          const etag = key === headOf(place) ? stale : undefined;
          if (etag !== undefined) stale = undefined;
          return details && etag !== undefined ? { ...details, etag } : details;
        };
      },
    });
    await keepRecord(late, recordOf(0, "org/shop/4"), all);
    const verified = await verifyStore(store, place);
    expect([verified.proved, verified.findings, stale]).toEqual([4, [], undefined]);
  });

  test("a byte of an entry, of a record, of the head: each is named", async () => {
    await writeMany(open, "bytes", 4);
    const store = open("bytes");
    const entry = "audit/shop/production/00000002.json";
    const [first = ""] = await keysOf(store, "reports/");
    const named = async () => (await verifyStore(store, place)).findings.map(({ what, key }) => [what, key]);
    expect(await named()).toEqual([]);
    for (const key of [entry, first, headOf(place), "audit/shop/production/00000004.json"]) {
      await alter(store, key, 20);
      expect((await named())[0]).toEqual(["changed", key]);
      await alter(store, key, 20);
      expect(await named()).toEqual([]);
    }
    await store.remove(entry);
    expect((await named())[0]).toEqual(["missing", entry]);
  });

  test("nothing is chained to what is damaged, and the record is kept all the same", async () => {
    await writeMany(open, "broken", 2);
    await alter(open("broken"), headOf(place), 40);
    const third = keepRecord(open("broken"), recordOf(0, "org/shop/3"), all);
    await expect(third).rejects.toMatchObject({ problem: { code: "records-damaged" } });
    expect((await readRecords(open("broken"), place, 10)).records).toHaveLength(3);
  });

  test("a run that was killed between its entry and the head: the next one goes on from there", async () => {
    await writeMany(open, "killed", 2);
    const store = open("killed");
    const before = await readBytes(store, headOf(place));
    await keepRecord(store, recordOf(0, "org/shop/3"), all);
    await store.put(headOf(place), before, { overwrite: true });
    expect((await verifyStore(store, place)).findings).toEqual([]);
    expect((await keepRecord(store, recordOf(0, "org/shop/4"), all)).sequence).toBe(4);
    expect((await verifyStore(store, place)).proved).toBe(4);
  });

  test("what is beyond its number goes with its record, and the chain is whole from there on", async () => {
    for (let at = 0; at < 6; at++)
      await keepRecord(open("few"), recordOf(60 - at, `org/shop/${at}`), { keep: 3 });
    const store = open("few");
    const verified = await verifyStore(store, place);
    expect([verified.proved, verified.findings, verified.anchor.sequence]).toEqual([3, [], 3]);
    const keys = await keysOf(store, "");
    expect([keys.filter((key) => key.startsWith("reports/")).length, keys.length]).toEqual([3, 7]);
    const young = { keep: 1, keepFor: 3_600_000 };
    await keepRecord(store, recordOf(50, "org/shop/7"), young);
    expect((await verifyStore(store, place)).proved).toBe(4);
  });

  test("what is no record is told, and hides none", async () => {
    await writeMany(open, "stray", 1);
    await open("stray").put("reports/shop/production/0.json", Buffer.from("{"), { overwrite: false });
    const { records, unread } = await readRecords(open("stray"), place, 10);
    expect([records.length, unread]).toEqual([1, ["reports/shop/production/0.json"]]);
  });
}
