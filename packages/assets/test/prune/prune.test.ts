import { DeployError } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import { examinePrune, pruneAssets } from "../../src/prune/prune.ts";
import { publishAssets } from "../../src/publish/publish.ts";
import { beginRecord } from "../../src/publish/record.ts";
import { type MemoryStore, memoryStore } from "../memoryStore.ts";
import { fileOf, site } from "../site.ts";

const day = 24 * 3_600_000;
const id = (number: number) => `2026010${number}T000000Z-aaaaaa${number}`;
const at = (number: number) => Date.UTC(2026, 0, number);
const key = (number: number) => `.deploy/assets/${id(number)}.json`;

/** Releases 1, 2, …, a day apart, each with these files. */
async function releases(...files: readonly (readonly string[])[]): Promise<MemoryStore> {
  let clock = 0;
  const store = memoryStore(() => clock);
  for (const [index, names] of files.entries()) {
    clock = at(index + 1);
    const texts = Object.fromEntries(
      names.map((name) => [name, name.includes("-") ? name : `${name} ${index}`]),
    );
    await publishAssets({ ...(await site(texts)), store, release: id(index + 1), now: clock });
  }
  store.calls.length = 0;
  return store;
}

const three = () =>
  releases(
    ["a-1111.css", "both-ffff.js", "index.html"],
    ["a-2222.css", "both-ffff.js", "index.html"],
    ["a-3333.css", "index.html"],
  );
const few = { keepReleases: 1, keepFor: 0 };

describe("pruning", () => {
  test("removes what only old releases have, the data first and the records last", async () => {
    const store = await three();
    const result = await pruneAssets({ store, retention: few, now: at(9), concurrency: 1 });
    expect(store.calls).toEqual([
      "remove a-1111.css",
      "remove a-2222.css",
      "remove both-ffff.js",
      `remove ${key(1)}`,
      `remove ${key(2)}`,
    ]);
    expect(result).toMatchObject({ removed: 3, bytesRemoved: 10 + 10 + 12 });
    expect([...store.objects.keys()].sort()).toEqual([key(3), "a-3333.css", "index.html"]);
  });

  test("says why, for what goes and for what stays", async () => {
    const store = await three();
    const retention = { keepReleases: 1, keepFor: 7 * day };
    const { releases: judged, remove, keep } = await examinePrune({ store, retention, now: at(10) });
    const gone = "older than the newest release, and replaced more than 7 days ago";
    expect(judged).toEqual([
      { release: id(1), key: key(1), keep: false, because: [gone] },
      { release: id(2), key: key(2), keep: true, because: ["replaced 7 days ago, kept for 7 days"] },
      { release: id(3), key: key(3), keep: true, because: ["the newest release"] },
    ]);
    expect(remove).toEqual([
      { key: "a-1111.css", size: 10, keep: false, because: [`last in ${id(1)}: ${gone}`] },
    ]);
    expect(keep).toEqual([
      {
        key: "a-2222.css",
        size: 10,
        keep: true,
        because: [`in ${id(2)}: replaced 7 days ago, kept for 7 days`],
      },
      { key: "a-3333.css", size: 10, keep: true, because: [`in ${id(3)}: the newest release`] },
      {
        key: "both-ffff.js",
        size: 12,
        keep: true,
        because: [`in ${id(2)}: replaced 7 days ago, kept for 7 days`],
      },
      { key: "index.html", size: 12, keep: true, because: ["has no fingerprint: never pruned"] },
    ]);
  });

  test("a dry run names the same set and changes nothing", async () => {
    const store = await three();
    const options = { store, retention: few, now: at(9) };
    const plan = await examinePrune(options);
    expect(store.calls).toEqual([]);
    expect((await pruneAssets(options)).plan).toEqual(plan);
  });

  test.each<[keepReleases: number, keepFor: number, now: number, left: readonly string[]]>([
    [1, 0, at(9), ["a-3333.css"]],
    [0, 0, at(9), ["a-3333.css"]],
    [2, 0, at(9), ["a-2222.css", "a-3333.css", "both-ffff.js"]],
    [3, 0, at(9), ["a-1111.css", "a-2222.css", "a-3333.css", "both-ffff.js"]],
    [99, 0, at(9), ["a-1111.css", "a-2222.css", "a-3333.css", "both-ffff.js"]],
    // Release 2 was replaced on the 3rd, release 1 on the 2nd.
    [1, 6 * day, at(9), ["a-2222.css", "a-3333.css", "both-ffff.js"]],
    [1, 7 * day, at(9), ["a-1111.css", "a-2222.css", "a-3333.css", "both-ffff.js"]],
    [1, 30 * day, at(9) + 365 * day, ["a-3333.css"]],
    [2, 30 * day, at(9) + 365 * day, ["a-2222.css", "a-3333.css", "both-ffff.js"]],
    // A clock that was set back makes nothing older.
    [1, 0, at(1) - 365 * day, ["a-1111.css", "a-2222.css", "a-3333.css", "both-ffff.js"]],
  ])("keeps %i releases and %i ms at %i", async (keepReleases, keepFor, now, left) => {
    const store = await three();
    await pruneAssets({ store, retention: { keepReleases, keepFor }, now });
    expect(
      [...store.objects.keys()].filter((name) => name.includes("-") && !name.startsWith(".")).sort(),
    ).toEqual(left);
  });

  test("a second run finds nothing to do", async () => {
    const store = await three();
    const options = { store, retention: few, now: at(9) };
    await pruneAssets(options);
    expect(await pruneAssets(options)).toMatchObject({ removed: 0, plan: { remove: [] } });
  });

  test("what is killed at any point is finished by the next run", async () => {
    for (let alive = 0; alive < 5; alive += 1) {
      const store = await three();
      const options = { store, retention: few, now: at(9), concurrency: 1 };
      store.before = () => {
        if (store.calls.length >= alive) throw new Error("killed");
      };
      await expect(pruneAssets(options)).rejects.toThrow("killed");
      store.before = () => {};
      await pruneAssets(options);
      expect([...store.objects.keys()].sort()).toEqual([key(3), "a-3333.css", "index.html"]);
    }
  });
});

describe("one commit that is published again and again", () => {
  const again = () =>
    releases(["a-1111.css"], ["a-2222.css"], ["b-3333.css"], ["b-3333.css"], ["b-3333.css"]);

  test("is one release: the older ones are not pushed out", async () => {
    const store = await again();
    const { plan } = await pruneAssets({ store, retention: { keepReleases: 2, keepFor: 0 }, now: at(9) });
    expect(plan.releases.map(({ keep, because }) => [keep, ...because])).toEqual([
      [false, "older than the newest 2 releases"],
      [true, "one of the newest 2 releases"],
      [false, `the same files as ${id(5)}`],
      [false, `the same files as ${id(5)}`],
      [true, "the newest release"],
    ]);
    expect([...store.objects.keys()].sort()).toEqual([key(2), key(5), "a-2222.css", "b-3333.css"]);
  });

  test("and what it has is kept as long as its last time asks", async () => {
    const store = await releases(["a-1111.css"], ["b-2222.css"], ["a-1111.css"], ["c-3333.css"]);
    await pruneAssets({ store, retention: { keepReleases: 1, keepFor: 5 * day }, now: at(9) });
    expect([...store.objects.keys()].sort()).toEqual([key(3), key(4), "a-1111.css", "c-3333.css"]);
  });
});

describe("what is not ours", () => {
  test("is never touched: foreign files, other bytes under our name, entry documents", async () => {
    const store = await three();
    store.plant("uploads/cat-1111.png", "cat");
    store.plant("a-2222.css", "somebody else's");
    const { plan } = await pruneAssets({ store, retention: few, now: at(9) });
    expect(store.text("uploads/cat-1111.png")).toBe("cat");
    expect(store.text("a-2222.css")).toBe("somebody else's");
    expect(plan.keep.find(({ key }) => key === "a-2222.css")?.because).toEqual([
      "not the bytes we published",
    ]);
    expect(store.objects.has("index.html")).toBe(true);
  });

  test.each([
    ["a cut record", key(1), '{"schema":1,'],
    ["a record of a later version", key(1), '{"schema":2}'],
    ["a file beside the records", ".deploy/assets/notes.txt", "hello"],
    ["a record under another name", ".deploy/assets/9.json", '{"schema":1}'],
  ])("%s stops it before anything is removed", async (_, name, text) => {
    const store = await three();
    store.plant(name, text);
    const error = await pruneAssets({ store, retention: few, now: at(9) }).catch(
      (reason: DeployError) => reason,
    );
    expect(error).toBeInstanceOf(DeployError);
    expect(error).toMatchObject({ problem: { code: "assets-record", place: { path: name } } });
    expect(store.calls).toEqual([]);
  });

  test("an owed purge is no record", async () => {
    const store = await three();
    store.plant(".deploy/assets/purge.json", "{}");
    expect(await pruneAssets({ store, retention: few, now: at(9) })).toMatchObject({ removed: 3 });
    expect(store.objects.has(".deploy/assets/purge.json")).toBe(true);
  });

  test("an empty store has nothing to prune", async () => {
    expect(await pruneAssets({ store: memoryStore(), retention: few, now: 0 })).toEqual({
      plan: { releases: [], remove: [], keep: [] },
      removed: 0,
      bytesRemoved: 0,
    });
  });
});

describe("a clock that is wrong", () => {
  test("in one earlier run does not make the live release old", async () => {
    const store = await releases(["a-1111.css"], ["a-2222.css"]);
    // Release 1 says it is of next year; by the store's clock release 2 is the newest.
    store.plant(key(1), store.text(key(1)).replace(`"time":${at(1)}`, `"time":${at(1) + 365 * day}`), {
      modified: at(1),
    });
    const { remove, releases: judged } = await examinePrune({ store, retention: few, now: at(9) });
    expect(remove).toEqual([]);
    expect(judged.map(({ because }) => because)).toEqual([["the newest release"], ["the newest release"]]);
  });
});

describe("a publish that was not finished", () => {
  const begun = (store: MemoryStore, number: number, path: string) => {
    const record = beginRecord(id(number), at(number), [fileOf(path, path)]);
    store.plant(path, path);
    store.plant(key(number), JSON.stringify(record), { modified: at(number) });
  };

  test("is left alone while none is newer, and does not count as a release", async () => {
    const store = await releases(["a-1111.css"], ["a-2222.css"]);
    begun(store, 5, "a-5555.css");
    const { plan } = await pruneAssets({ store, retention: few, now: at(9) + 365 * day });
    expect(plan.releases.map(({ keep, because }) => [keep, because])).toEqual([
      [false, ["older than the newest release"]],
      [true, ["the newest release"]],
      [true, ["not finished, and none is newer"]],
    ]);
    expect(store.objects.has("a-5555.css")).toBe(true);
  });

  test("goes, with all it sent, once a newer one is there and its time is over", async () => {
    const store = await releases([], ["a-2222.css"]);
    begun(store, 1, "a-5555.css");
    const retention = { keepReleases: 9, keepFor: 5 * day };
    expect((await examinePrune({ store, retention, now: at(6) })).releases[0]).toMatchObject({
      keep: true,
      because: ["begun 5 days ago and not finished, kept for 5 days"],
    });
    await pruneAssets({ store, retention, now: at(7) });
    expect([...store.objects.keys()].sort()).toEqual([key(2), "a-2222.css"]);
  });

  test("alone in the store, nothing is removed", async () => {
    const store = memoryStore();
    begun(store, 1, "a-5555.css");
    expect(await pruneAssets({ store, retention: few, now: at(9) + 365 * day })).toMatchObject({
      removed: 0,
    });
  });
});

test("what a release left behind when it was published again goes with it", async () => {
  const store = await releases(["a-1111.css"]);
  const again = { store, release: id(1), now: at(1) };
  await publishAssets({ ...(await site({ "b-1111.css": "b" })), ...again });
  await publishAssets({ ...(await site({ "c-2222.css": "c" })), store, release: id(2), now: at(2) });
  await pruneAssets({ store, retention: few, now: at(9) });
  expect([...store.objects.keys()].sort()).toEqual([key(2), "c-2222.css"]);
});

test("a store that may not delete is an answer, and no record goes", async () => {
  const store = await three();
  store.before = () => {
    throw new DeployError("store-denied", "s3:DeleteObject was refused");
  };
  expect(await pruneAssets({ store, retention: few, now: at(9) })).toMatchObject({
    removed: 0,
    refused: { code: "store-denied", message: "s3:DeleteObject was refused" },
  });
  expect(store.objects.size).toBe(8);
});

test("2,500 old files and 2,500 foreign ones: the old ones go, and only they", async () => {
  const old = Array.from({ length: 2500 }, (_, number) => `old/${number}-abcd.js`);
  let clock = 0;
  const store = memoryStore(() => clock);
  for (const name of old) {
    store.plant(name, name);
    store.plant(name.replace("old/", "old/foreign-"), "x");
  }
  const record = { schema: 1, release: id(1), time: at(1), complete: true, also: [] };
  store.plant(key(1), JSON.stringify({ ...record, files: old.map((name) => fileOf(name, name)) }));
  clock = at(2);
  await publishAssets({ ...(await site({ "new-1234.js": "n" })), store, release: id(2), now: clock });
  expect(await pruneAssets({ store, retention: few, now: at(9) })).toMatchObject({ removed: 2500 });
  expect(store.objects.size).toBe(2500 + 2);
});
