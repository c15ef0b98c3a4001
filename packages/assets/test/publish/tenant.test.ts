import { expect, test } from "@jest/globals";
import { pruneAssets } from "../../src/prune/prune.ts";
import { publishAssets, rehearsePublish } from "../../src/publish/publish.ts";
import { readRecords } from "../../src/publish/records.ts";
import { type MemoryStore, memoryStore } from "../memoryStore.ts";
import { site } from "../site.ts";
import { rejected, release, shop } from "./shop.ts";

const key = ".deploy/tenant.json";
const production = { app: "shop", environment: "production" };
const staging = { app: "shop", environment: "staging" };

async function optionsAt(store: MemoryStore) {
  return { ...(await site(shop)), store, release, now: 0 };
}

test("who publishes first is told before anything is sent, and to nobody's cache", async () => {
  const store = memoryStore();
  await publishAssets({ ...(await optionsAt(store)), tenant: production });
  expect([store.calls[0], store.text(key)]).toEqual([
    `put ${key}`,
    '{"schema":1,"app":"shop","environment":"production"}\n',
  ]);
  expect(store.objects.get(key)?.details.cacheControl).toBe("private, no-store");
  store.calls.length = 0;
  await publishAssets({ ...(await optionsAt(store)), tenant: production });
  expect(store.calls.filter((call) => call.includes(key))).toEqual([]);
});

test.each([
  ["another environment", staging, "shop/staging"],
  ["another app", { ...production, app: "blog" }, "blog/production"],
])("%s is refused with a way out, and nothing is touched", async (_, tenant, name) => {
  const store = memoryStore();
  await publishAssets({ ...(await optionsAt(store)), tenant: production });
  store.calls.length = 0;
  const other = { ...(await optionsAt(store)), tenant };
  for (const publishing of [publishAssets(other), rehearsePublish({ ...other, takeOver: "shop/stagin" })])
    expect(await rejected(publishing)).toMatchObject({
      code: "publish-taken",
      message: "memory:// belongs to shop/production",
      hint: expect.stringMatching(`^Give ${name} .*--take-over shop/production`),
      inAction: expect.stringMatching(`^Give ${name} .*take-over: shop/production`),
    });
  expect(store.calls).toEqual([]);

  const told: string[] = [];
  const taking = { ...other, takeOver: "shop/production", onWarning: (text: string) => told.push(text) };
  await rehearsePublish(taking);
  expect([store.calls, told]).toEqual([[], []]);
  await publishAssets(taking);
  expect(told).toEqual(["memory:// is taken over from shop/production"]);
  await publishAssets(other);
  expect(await rejected(publishAssets({ ...other, tenant: production }))).toMatchObject({
    code: "publish-taken",
  });
});

test("a place of before is adopted, and who cannot say its name or environment is believed", async () => {
  const store = memoryStore();
  await publishAssets(await optionsAt(store));
  expect(store.objects.has(key)).toBe(false);
  await publishAssets({ ...(await optionsAt(store)), tenant: staging });
  await publishAssets({ ...(await optionsAt(store)), tenant: { app: "shop" } });
  await publishAssets(await optionsAt(store));
  expect(JSON.parse(store.text(key))).toEqual({ schema: 1, ...staging });
});

test("of two that begin at once, the one that comes second is refused", async () => {
  const store = memoryStore();
  store.before = (call) => {
    store.before = () => {};
    if (call === `put ${key}`) store.plant(key, '{"schema":1,"app":"blog"}');
  };
  const late = publishAssets({ ...(await optionsAt(store)), tenant: production });
  expect(await rejected(late)).toMatchObject({ message: "memory:// belongs to blog" });
  expect([...store.objects.keys()]).toEqual([key]);
});

test.each(["", "{}", '{"schema":1,"app":"../x"}', '{"schema":1,"app":"a","environment":3}'])(
  "one that cannot be read stops: %j",
  async (text) => {
    const store = memoryStore();
    store.plant(key, text);
    const tenant = production;
    expect(await rejected(publishAssets({ ...(await optionsAt(store)), tenant }))).toMatchObject({
      code: "assets-record",
      place: { path: key },
    });
  },
);

test("is no record, and is never pruned", async () => {
  const store = memoryStore();
  await publishAssets({ ...(await optionsAt(store)), tenant: production });
  const next = { ...(await site({ "new-1234.js": "n" })), store, release: "20261122T084450Z-bbbbbbb" };
  await publishAssets({ ...next, tenant: production, now: 1 });
  const retention = { keepReleases: 1, keepFor: 0 };
  expect(await pruneAssets({ store, retention, now: 9 })).toMatchObject({ removed: 2 });
  expect([store.objects.has(key), (await readRecords(store)).length]).toEqual([true, 1]);
});
