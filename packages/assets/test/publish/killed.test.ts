import type { Cdn } from "@deploy/store";
import { describe, expect, test } from "@jest/globals";
import { publishAssets } from "../../src/publish/publish.ts";
import { type MemoryStore, memoryStore } from "../memoryStore.ts";
import { type Site, site } from "../site.ts";

const page = (css: string, js: string) => `<link href="${css}"><script src="${js}"></script>`;
const oldFiles = {
  "app-aaaa.css": "old{}",
  "app-aaaa.js": "old()",
  "font-ffff.woff2": "font",
  "index.html": page("app-aaaa.css", "app-aaaa.js"),
  "about.html": page("app-aaaa.css", "app-aaaa.js"),
};
const newFiles = {
  "app-bbbb.css": "new{}",
  "app-bbbb.js": "new()",
  "font-ffff.woff2": "font",
  "index.html": page("app-bbbb.css", "app-bbbb.js"),
  "about.html": page("app-bbbb.css", "app-bbbb.js"),
  "feed.xml": "<feed/>",
};
const [before, after] = ["20260101T000000Z-aaaaaaa", "20260102T000000Z-bbbbbbb"];

/** A cache that has everything a visitor saw, and forgets only what it is told to. */
function cacheOf(store: MemoryStore): Cdn & { readonly has: Map<string, string> } {
  const has = new Map<string, string>();
  return {
    name: "cache",
    has,
    async purge(paths) {
      store.before("purge");
      store.calls.push("purge");
      for (const path of paths) has.delete(path);
    },
  };
}

function visit(store: MemoryStore, has: Map<string, string>): void {
  for (const key of store.objects.keys())
    if (!key.startsWith(".deploy/") && !has.has(`/${key}`)) has.set(`/${key}`, store.text(key));
}

/** Every file that a page names is there, for the store's pages and for those a cache still has. */
function missing(store: MemoryStore, cached: ReadonlyMap<string, string>): readonly string[] {
  const pages = ["index.html", "about.html"].flatMap((key) => [store.text(key), cached.get(`/${key}`) ?? ""]);
  const named = pages.flatMap((text) =>
    [...text.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, key]) => key ?? ""),
  );
  return named.filter((key) => !store.objects.has(key));
}

async function start(): Promise<{ store: MemoryStore; cdn: ReturnType<typeof cacheOf>; next: Site }> {
  const store = memoryStore();
  const cdn = cacheOf(store);
  await publishAssets({ ...(await site(oldFiles)), store, cdn, release: before, now: 1 });
  visit(store, cdn.has);
  store.calls.length = 0;
  return { store, cdn, next: await site(newFiles) };
}

/** From its call number `alive` on, the run is dead: nothing it does arrives. */
function dieAfter(store: MemoryStore, alive: number): void {
  let calls = 0;
  store.before = () => {
    calls += 1;
    if (calls > alive) throw new Error("killed");
  };
}

const whole = 10;

describe.each([1, 4])("a publish that is killed, %i uploads at once", (concurrency) => {
  test.each(Array.from({ length: whole }, (_, alive) => alive))(
    "after %i calls leaves the old site whole, and the next run sends only the rest",
    async (alive) => {
      const { store, cdn, next } = await start();
      const options = { ...next, store, cdn, release: after, now: 2, concurrency };
      dieAfter(store, alive);
      await publishAssets(options).then(
        ({ purge }) => expect(purge).toBe("failed"),
        (error: Error) => expect(error.message).toBe("killed"),
      );
      expect(missing(store, cdn.has)).toEqual([]);
      visit(store, cdn.has);

      store.before = () => {};
      await publishAssets({ ...options, now: 3 });
      visit(store, cdn.has);
      expect(missing(store, cdn.has)).toEqual([]);
      for (const [key, text] of Object.entries(newFiles))
        expect([key, store.text(key), cdn.has.get(`/${key}`)]).toEqual([key, text, text]);
      const assets = store.calls.filter((call) => call.startsWith("put ") && !call.includes(".deploy/"));
      expect(assets.sort()).toEqual(
        ["app-bbbb.css", "app-bbbb.js", "about.html", "feed.xml", "index.html"]
          .map((key) => `put ${key}`)
          .sort(),
      );
    },
  );
});

test("the sweep covers every call of a whole run", async () => {
  const { store, cdn, next } = await start();
  await publishAssets({ ...next, store, cdn, release: after, now: 2 });
  expect(store.calls).toHaveLength(whole);
});
