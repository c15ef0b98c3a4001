import { expect, test } from "@jest/globals";
import { listKeys, places } from "../../src/publish/listing.ts";
import { memoryStore } from "../memoryStore.ts";

test("a bucket is listed only where our files are", () => {
  expect(places(new Set(["css/a.css", "css/b.css", "js/x/a.js", "index.html"]))).toEqual([
    "css/",
    "index.html",
    "js/",
  ]);
  expect(places(new Set())).toEqual([]);
});

test("and whole where that would be many lists", () => {
  const keys = Array.from({ length: 9 }, (_, index) => `${index}.html`);
  expect(places(new Set(keys))).toEqual([""]);
});

test("only what was asked for is found", async () => {
  const store = memoryStore();
  for (const key of ["css/a.css", "css/z.css", "index.html", "index.html.br", "uploads/1"])
    store.plant(key, "x");
  const found = await listKeys(store, new Set(["css/a.css", "css/b.css", "index.html"]));
  expect([...found.keys()].sort()).toEqual(["css/a.css", "index.html"]);
});
