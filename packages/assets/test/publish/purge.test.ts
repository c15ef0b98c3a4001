import { DeployError } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import { publishAssets } from "../../src/publish/publish.ts";
import { memoryStore } from "../memoryStore.ts";
import { site } from "../site.ts";
import { fakeCdn, purgeNote, release, shop } from "./shop.ts";

describe("the purge", () => {
  test("names changed entry documents only, below the base URL", async () => {
    const store = memoryStore();
    const cdn = fakeCdn();
    const made = await site(shop);
    const options = { ...made, store, cdn, release, baseUrl: "https://cdn.example.com/sh%20op/" };
    expect(await publishAssets({ ...options, now: 0 })).toMatchObject({ purge: "purged" });
    expect(cdn.purged).toEqual([["/sh op/robots.txt", "/sh op/index.html", "/sh op/"]]);
    expect(await publishAssets({ ...options, now: 1 })).toMatchObject({ purge: "not-needed" });
    expect(cdn.purged).toHaveLength(1);
  });

  test("is told in the store before the first entry document, and taken back at the end", async () => {
    const store = memoryStore();
    await publishAssets({ ...(await site(shop)), store, cdn: fakeCdn(), release, now: 0, concurrency: 1 });
    const [note, robots, last] = [purgeNote, "robots.txt", purgeNote].map((key, index) =>
      index === 2 ? store.calls.lastIndexOf(`put ${key}`) : store.calls.indexOf(`put ${key}`),
    );
    expect([note, robots, last]).toEqual([3, 4, store.calls.length - 1]);
    expect(JSON.parse(store.text(purgeNote))).toMatchObject({ schema: 1, paths: [] });
  });

  test("that fails is told, and the next run purges only, under the same id", async () => {
    const store = memoryStore();
    const made = await site(shop);
    const ids: unknown[] = [];
    const failing = fakeCdn(async (_paths, _signal, id) => {
      ids.push(id);
      throw new DeployError("purge-failed", "the cache answered 500");
    });
    const failed = await publishAssets({ ...made, store, cdn: failing, release, now: 0 });
    expect(failed).toEqual({
      uploaded: 4,
      bytesUploaded: 83,
      present: 0,
      purge: "failed",
      purgeProblem: {
        code: "purge-failed",
        message: "the cache answered 500",
        hint: "Run this step again: nothing is sent twice, only the purge is repeated.",
        place: {},
      },
    });
    const cdn = fakeCdn(async (_paths, _signal, id) => {
      ids.push(id);
    });
    const again = await publishAssets({ ...made, store, cdn, release, now: 9 });
    expect(again).toEqual({ uploaded: 0, bytesUploaded: 0, present: 4, purge: "purged" });
    expect(cdn.purged).toEqual(failing.purged);
    expect(ids[1]).toBe(ids[0]);
    expect(await publishAssets({ ...made, store, cdn, release, now: 10 })).toMatchObject({
      purge: "not-needed",
    });
  });

  test("what an earlier run owes is added to what this one changes, under another id", async () => {
    const store = memoryStore();
    const ids: unknown[] = [];
    const note = async (_paths: unknown, _signal: unknown, id: unknown) => {
      ids.push(id);
    };
    const failing = fakeCdn(async (...told) => {
      await note(...told);
      throw new Error("socket hang up");
    });
    await publishAssets({ ...(await site({ "a.html": "1" })), store, cdn: failing, release, now: 0 });
    const cdn = fakeCdn(note);
    const next = await site({ "a.html": "1", "b.html": "2" });
    await publishAssets({ ...next, store, cdn, release, now: 1 });
    expect(cdn.purged).toEqual([["/a.html", "/b.html"]]);
    expect(ids[1]).not.toBe(ids[0]);
  });

  test("any failure of the cache is a problem that names it", async () => {
    const cdn = fakeCdn(async () => {
      throw new Error("socket hang up");
    });
    const result = await publishAssets({ ...(await site(shop)), store: memoryStore(), cdn, release, now: 0 });
    expect(result.purgeProblem).toMatchObject({
      code: "purge-failed",
      message: "the cache: socket hang up",
    });
  });

  test("a note that cannot be read means: purge every entry document", async () => {
    const store = memoryStore();
    const made = await site(shop);
    await publishAssets({ ...made, store, release, now: 0 });
    for (const text of ["", "[]", '{"schema":1,"id":"x","paths":["/a"]}', '{"schema":2}']) {
      store.plant(purgeNote, text);
      const cdn = fakeCdn();
      expect(await publishAssets({ ...made, store, cdn, release, now: 1 })).toMatchObject({ uploaded: 0 });
      expect(cdn.purged).toEqual([["/index.html", "/", "/robots.txt"]]);
    }
  });

  test("a cancelled run is cancelled, and still owes it", async () => {
    const store = memoryStore();
    const cancel = new AbortController();
    const cdn = fakeCdn(async () => {
      cancel.abort(new Error("cancelled by the user"));
      throw new Error("aborted");
    });
    const options = { ...(await site(shop)), store, cdn, release, now: 0, signal: cancel.signal };
    await expect(publishAssets(options)).rejects.toThrow("cancelled by the user");
    expect(JSON.parse(store.text(purgeNote)).paths).toEqual(["/robots.txt", "/index.html", "/"]);
  });
});
