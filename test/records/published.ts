import { type EnvironmentStatus, environmentStatus, readDocument, renderStatusPage } from "@deploy/core/page";
import type { Store } from "@deploy/store";
import { keysOf, readText } from "@deploy/testkit";
import { expect, test } from "@jest/globals";
import { pageScenes } from "../../packages/core/test/page/scenes.ts";
import { publishStatus } from "../../packages/session/src/status/publish.ts";
import type { Open } from "./stores.ts";

const view = pageScenes.well;
if (view === undefined) throw new Error("no scene");
const usual = environmentStatus(view);
const html = renderStatusPage(view);
const minute = (at: number): string => new Date(view.now.getTime() + at * 60_000).toISOString();
const of = (environment: string, more: Partial<EnvironmentStatus> = {}): EnvironmentStatus => ({
  ...usual,
  environment,
  page: `shop/${environment}.html`,
  ...more,
});
const last = (run: string) => [
  { time: minute(0), what: "deployed", release: "20261121T084450Z-4f2a91c", by: "ada", run },
];
const documentIn = async (store: Store) => readDocument(await readText(store, "status.json"));

/** What publishing promises, on any store. */
export function publishes(open: Open): void {
  test("a page, a badge, and what all environments share", async () => {
    await publishStatus(open("one"), of("production"), html);
    const store = open("one");
    expect(await keysOf(store, "")).toEqual([
      "feed.atom",
      "index.html",
      "shop/badge-production.svg",
      "shop/production.html",
      "status.json",
    ]);
    const types = ["feed.atom", "index.html", "shop/badge-production.svg", "status.json"].map(
      async (key) => (await store.details(key))?.contentType,
    );
    expect(await Promise.all(types)).toEqual([
      "application/atom+xml",
      "text/html; charset=utf-8",
      "image/svg+xml",
      "application/json",
    ]);
    expect(await readText(store, "shop/production.html")).toBe(html);
  });

  test("twelve environments that finish at once lose nothing, in document, index and feed", async () => {
    const names = Array.from({ length: 12 }, (_, at) => `preview-${String(at).padStart(2, "0")}`);
    await Promise.all(
      names.map((name) => publishStatus(open("many"), of(name, { last: last(`org/shop/${name}`) }), html)),
    );
    const store = open("many");
    const document = await documentIn(store);
    expect([document?.environments.map(({ environment }) => environment), document?.revision]).toEqual([
      names,
      12,
    ]);
    const [index, feed] = [await readText(store, "index.html"), await readText(store, "feed.atom")];
    for (const name of names) {
      expect(index).toContain(`href="shop/${name}.html"`);
      expect(feed).toContain(`run org/shop/${name}<`);
    }
    expect(index).toContain("12 of 12 environments are well");
  });

  test("of one environment what was read later stays, whoever writes last", async () => {
    const readings = [3, 9, 1, 7, 10, 2, 5].map((at) =>
      of("production", { read: minute(at), words: `read ${at}` }),
    );
    await Promise.all(readings.map((one) => publishStatus(open("late"), one, `page of ${one.words}`)));
    await publishStatus(
      open("late"),
      of("production", { read: minute(4), words: "read 4" }),
      "page of read 4",
    );
    const store = open("late");
    expect((await documentIn(store))?.environments.map(({ words }) => words)).toEqual(["read 10"]);
    expect(await readText(store, "shop/production.html")).toBe("page of read 10");
    expect(await readText(store, "index.html")).toContain("read 10");
  });

  test("what is no document is written anew, and the index with it", async () => {
    await publishStatus(open("torn"), of("staging"), html);
    await open("torn").put("status.json", Buffer.from("{"), { overwrite: true });
    await publishStatus(open("torn"), of("production", { read: minute(1) }), html);
    expect((await documentIn(open("torn")))?.environments).toHaveLength(1);
    expect(await readText(open("torn"), "index.html")).toContain("1 of 1 environment is well");
  });
}
