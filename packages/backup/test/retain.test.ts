import { DeployError } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import { applyRetention, type BackupManifest, listBackups, planRetention } from "../src/index.ts";
import { manifest } from "./fakes/request.ts";
import { type MemoryStore, memoryStore } from "./fakes/store.ts";

const day = 86_400_000;
const now = new Date("2026-11-21T12:00:00Z");
const rules = { app: "shop", environment: "production", keep: 2 };

/** One backup a day, `age` days old. */
const made = (age: number, change: Partial<BackupManifest> = {}): BackupManifest => {
  const time = new Date(now.getTime() - age * day).toISOString();
  const id = `${time.replace(/[-:]/g, "").slice(0, 15)}Z-${change.app ?? "shop"}-0000`;
  return manifest({ id, stored: { key: `${id}.dump.gz`, size: 10, sha256: "c".repeat(64) }, ...change });
};
const judged = (
  manifests: readonly BackupManifest[],
  change: object = {},
  at = now,
): Record<string, string> =>
  Object.fromEntries(
    planRetention(manifests, { ...rules, ...change }, at).map(({ id, keep, because }) => [
      id.slice(0, 8),
      `${keep ? "keep" : "remove"}: ${because.join(", ")}`,
    ]),
  );
const unproved = { proofs: ["parsed"] } as const;

describe("which stay", () => {
  test("the newest proved ones", () => {
    expect(judged([made(3), made(1), made(2), made(0)])).toEqual({
      20261121: "keep: one of the newest 2 proved backups, the last proved backup",
      20261120: "keep: one of the newest 2 proved backups",
      20261119: "remove: older than the newest 2 proved backups",
      20261118: "remove: older than the newest 2 proved backups",
    });
  });

  test("and the young ones", () => {
    expect(judged([made(0), made(1), made(2), made(3)], { keep: 1, keepFor: 2.5 * day })).toEqual({
      20261121: "keep: one of the newest 1 proved backup, younger than 2 days 12 h, the last proved backup",
      20261120: "keep: younger than 2 days 12 h",
      20261119: "keep: younger than 2 days 12 h",
      20261118: "remove: older than the newest 1 proved backup",
    });
  });

  test("twenty attempts of one night leave what there was before it, of its release and of each day", () => {
    const attempt = (hour: number, change: Partial<BackupManifest> = {}) =>
      made(0.5 - hour / 48, { release: `try-${hour}`, live: "good", ...change });
    const night = Array.from({ length: 20 }, (_, hour) => attempt(hour));
    const all = [...night, made(1, { release: "good", live: "old" }), made(9)];
    const kept = planRetention(all, { ...rules, keep: 2, named: [made(9).id] }, now).filter(
      ({ keep }) => keep,
    );
    const [newest, second] = [night[19], night[18]] as [BackupManifest, BackupManifest];
    expect(kept.map(({ id, because }) => [id, because])).toEqual([
      [newest.id, ["one of the newest 2 proved backups", "the last proved backup"]],
      [second.id, ["one of the newest 2 proved backups"]],
      [night[0]?.id, ["the first with the data of good"]],
      [made(1).id, ["the first with the data of old"]],
      [made(9).id, ["a release names it"]],
    ]);
  });

  test("what is not proved takes nobody's place", () => {
    expect(judged([made(0, unproved), made(1), made(2, unproved), made(3)], { keep: 1 })).toEqual({
      20261121: "keep: nothing newer is proved",
      20261120: "keep: one of the newest 1 proved backup, the last proved backup",
      20261119: "remove: never proved",
      20261118: "remove: older than the newest 1 proved backup",
    });
    expect(judged([made(0, unproved), made(1, unproved)])).toEqual({
      20261121: "keep: nothing newer is proved",
      20261120: "keep: nothing newer is proved",
    });
  });

  test("the last proved one, whatever is asked for", () => {
    for (const keep of [0, -1, Number.NaN, 1]) {
      expect(judged([made(400)], { keep, keepFor: 1 })).toEqual({
        20251017: "keep: one of the newest 1 proved backup, the last proved backup",
      });
    }
    expect(judged([])).toEqual({});
  });

  test("a clock that is a year ahead, now or then", () => {
    const ahead = new Date(now.getTime() + 365 * day);
    expect(judged([made(0), made(1), made(2)], { keepFor: 30 * day }, ahead)).toEqual({
      20261121: "keep: one of the newest 2 proved backups, the last proved backup",
      20261120: "keep: one of the newest 2 proved backups",
      20261119: "remove: older than the newest 2 proved backups",
    });
    expect(judged([made(-365), made(0), made(1)], { keep: 1 })).toEqual({
      20271121: "keep: its time lies ahead: a clock was wrong, the last proved backup",
      20261121: "keep: one of the newest 1 proved backup",
      20261120: "remove: older than the newest 1 proved backup",
    });
  });

  test("other apps, environments and kinds of databases in the same store", () => {
    const files = { ...made(5).database, kind: "files" } as const;
    const manifests = [
      ...[made(9, { app: "blog" }), made(8, { environment: "staging" })],
      ...[made(7, { database: files }), made(2), made(1), made(0)],
    ];
    expect(Object.keys(judged(manifests))).toEqual(expect.not.arrayContaining(["20261112", "20261113"]));
    expect(judged(manifests)["20261114"]).toBe(
      "keep: one of the newest 2 proved backups, the last proved backup",
    );
  });
});

describe("removing", () => {
  async function keep(store: MemoryStore, manifests: readonly BackupManifest[]): Promise<void> {
    for (const each of manifests) {
      await store.put(`${each.id}.json`, Buffer.from(JSON.stringify(each)), { overwrite: false });
      await store.put(each.stored.key, Buffer.alloc(10), { overwrite: false });
    }
  }

  test("of 1,200 objects the same set as was shown, the manifest before the data, and nothing else", async () => {
    const store = memoryStore();
    const manifests = Array.from({ length: 600 }, (_, age) => made(age));
    await keep(store, manifests);
    await store.put("foreign.txt", Buffer.from("x"), { overwrite: false });
    const order: string[] = [];
    const { remove } = store;
    store.remove = async (key) => {
      order.push(key);
      await remove(key);
    };
    const { backups } = await listBackups(store);
    const verdicts = planRetention(backups, { ...rules, keep: 14 }, now);
    const { removed, kept, denied } = await applyRetention(store, verdicts);
    expect([removed.length, kept.length, denied]).toEqual([586, 14, []]);
    expect(removed.map(({ id }) => id)).toEqual(verdicts.filter((each) => !each.keep).map(({ id }) => id));
    expect(store.objects.size).toBe(14 * 2 + 1);
    for (const { id } of removed)
      expect(order.indexOf(`${id}.json`)).toBeLessThan(order.indexOf(`${id}.dump.gz`));
    expect((await listBackups(store)).backups.map(({ id }) => id)).toEqual(kept.map(({ id }) => id));
  });

  test("where nothing may be deleted, or only some, it is told and no failure", async () => {
    const store = memoryStore();
    await keep(store, [made(0), made(1), made(2)]);
    const verdicts = planRetention((await listBackups(store)).backups, { ...rules, keep: 1 }, now);
    const { remove } = store;
    store.remove = async (key) => {
      if (key.endsWith(".gz")) throw new DeployError("store-denied", `${key} is under Object Lock`);
      await remove(key);
    };
    const { removed, denied } = await applyRetention(store, verdicts);
    expect(removed).toEqual([]);
    expect(denied).toEqual(
      [made(1), made(2)].map(({ id }) => ({ id, why: `${id}.dump.gz is under Object Lock` })),
    );
    // Half removed is no backup: its data is an orphan.
    const { backups, orphans } = await listBackups(store);
    expect([backups.length, orphans.length]).toEqual([1, 2]);
  });

  test("what another run removed meanwhile counts as removed", async () => {
    const { removed, denied } = await applyRetention(memoryStore(), [
      { id: made(3).id, keep: false, because: ["older"] },
    ]);
    expect([removed.length, denied.length]).toEqual([1, 0]);
  });
});
