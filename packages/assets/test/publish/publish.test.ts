import { describe, expect, test } from "@jest/globals";
import { examinePublish } from "../../src/publish/examine.ts";
import { publishAssets, rehearsePublish } from "../../src/publish/publish.ts";
import { parseRecord } from "../../src/publish/record.ts";
import { type MemoryStore, memoryStore } from "../memoryStore.ts";
import { fileOf, indexOfFiles, site } from "../site.ts";
import { fakeCdn, record, rejected, release, shop } from "./shop.ts";

const headersOf = (store: MemoryStore, key: string) => {
  const { contentType, cacheControl, contentEncoding } = store.objects.get(key)?.details ?? {};
  return { contentType, cacheControl, contentEncoding };
};

describe("publishing to an empty store", () => {
  test("sends fingerprinted files, then entry documents, then the record", async () => {
    const store = memoryStore();
    const options = { ...(await site(shop)), store, release, now: 1000, concurrency: 1 };
    expect(await publishAssets(options)).toEqual({
      uploaded: 4,
      bytesUploaded: 6 + 5 + 59 + 13,
      present: 0,
      purge: "not-needed",
    });
    expect(store.calls).toEqual([
      `put ${record}`,
      "put css/app-aa11.css",
      "put js/app-bb22.js",
      "put robots.txt",
      "put index.html",
      `put ${record}`,
    ]);
    expect(parseRecord(record, Buffer.from(store.text(record)))).toEqual({
      schema: 1,
      release,
      time: 1000,
      complete: true,
      files: options.index.files,
      also: [],
    });
  });

  test("a precompressed sibling written by another zlib is no collision", async () => {
    const sibling = { encoding: "br", contentType: "text/css; charset=utf-8" } as const;
    const store = memoryStore();
    const first = await site({ ...shop, "css/app-aa11.css.br": "br" }, { "css/app-aa11.css.br": sibling });
    await publishAssets({ ...first, store, release, now: 0 });
    const again = await site({ ...shop, "css/app-aa11.css.br": "BR!" }, { "css/app-aa11.css.br": sibling });
    expect(
      (await publishAssets({ ...again, store, release: "20261121T084451Z-aaaaaaa", now: 1 })).uploaded,
    ).toBe(0);
    expect(store.text("css/app-aa11.css.br")).toBe("br");
  });

  test("tells caches and browsers what each file is", async () => {
    const store = memoryStore();
    const files = { ...shop, "css/app-aa11.css.br": "br", "css/app-aa11.css.map": "{}" };
    const made = await site(files, {
      "css/app-aa11.css.br": { encoding: "br", contentType: "text/css; charset=utf-8" },
      "css/app-aa11.css.map": { kept: true },
    });
    await publishAssets({ ...made, store, release, now: 0 });
    expect(headersOf(store, "css/app-aa11.css.br")).toEqual({
      contentType: "text/css; charset=utf-8",
      cacheControl: "public, max-age=31536000, immutable",
      contentEncoding: "br",
    });
    expect(headersOf(store, "index.html")).toEqual({
      contentType: "text/html; charset=utf-8",
      cacheControl: "no-cache",
      contentEncoding: undefined,
    });
    expect(headersOf(store, record)).toEqual({
      contentType: "application/json",
      cacheControl: "private, no-store",
      contentEncoding: undefined,
    });
    expect(store.objects.has("css/app-aa11.css.map")).toBe(false);
    expect(store.text(record)).not.toContain("app-aa11.css.map");
  });

  test("tells its progress", async () => {
    const seen: unknown[] = [];
    const options = { ...(await site(shop)), store: memoryStore(), release, now: 0, concurrency: 1 };
    await publishAssets({ ...options, onProgress: (...step) => seen.push(step) });
    expect(seen).toEqual([
      [1, 4, "css/app-aa11.css"],
      [2, 4, "js/app-bb22.js"],
      [3, 4, "robots.txt"],
      [4, 4, "index.html"],
    ]);
  });

  test.each(["", "latest", "../x", "a/b"])("refuses %j as a release", async (name) => {
    const store = memoryStore();
    const problem = await rejected(publishAssets({ ...(await site(shop)), store, release: name, now: 0 }));
    expect(problem).toMatchObject({ code: "release-name" });
    expect(store.calls).toEqual([]);
  });
});

describe("publishing again", () => {
  test("sends nothing that is there", async () => {
    const store = memoryStore();
    const made = await site(shop);
    await publishAssets({ ...made, store, release, now: 0 });
    store.calls.length = 0;
    expect(await publishAssets({ ...made, store, release, now: 1 })).toEqual({
      uploaded: 0,
      bytesUploaded: 0,
      present: 4,
      purge: "not-needed",
    });
    expect(store.calls).toEqual([`put ${record}`]);
  });

  test("names the release before as what to compare with", async () => {
    let time = 0;
    const store = memoryStore(() => (time += 1));
    const made = await site(shop);
    await publishAssets({ ...made, store, release: "20260101T000000Z-aaaaaaa", now: 0 });
    const next = await publishAssets({ ...made, store, release, now: 1 });
    expect(next.before).toEqual({ ...made.index, manifests: [] });
    expect((await publishAssets({ ...made, store, release, now: 2 })).before).toEqual(next.before);
  });

  test("a release published again with other content keeps what the first publish left", async () => {
    const store = memoryStore();
    await publishAssets({ ...(await site(shop)), store, release, now: 0 });
    const changed = await site({ "css/app-cc33.css": "p{}", "js/app-bb22.js": "let a", "index.html": "new" });
    await publishAssets({ ...changed, store, release, now: 1 });
    expect(parseRecord(record, Buffer.from(store.text(record)))).toEqual({
      schema: 1,
      release,
      time: 1,
      complete: true,
      files: changed.index.files,
      also: [{ path: "css/app-aa11.css", size: 6 }],
    });
  });

  test("compares with the kept SHA-256 where the ETag is no MD5, and with the bytes where there is none", async () => {
    const store = memoryStore();
    const made = await site(shop);
    const [css, js] = made.index.files;
    store.plant("css/app-aa11.css", "body{}", { etag: "aa-2", sha256: css?.sha256 ?? "" });
    store.plant("js/app-bb22.js", "let a", { etag: "0".repeat(32) });
    const { plan } = await examinePublish({ ...made, store, release });
    expect(plan.present).toEqual([css, js]);
  });

  test("an entry document of the same size with other bytes is sent", async () => {
    const store = memoryStore();
    const made = await site(shop);
    store.plant("robots.txt", "user-agent: *");
    const { plan } = await examinePublish({ ...made, store, release });
    expect(plan.entries.map(({ path }) => path)).toEqual(["robots.txt", "index.html"]);
  });

  test("leaves what is somebody else's", async () => {
    const store = memoryStore();
    store.plant("uploads/cat.png", "cat");
    await publishAssets({ ...(await site(shop)), store, release, now: 0 });
    expect(store.text("uploads/cat.png")).toBe("cat");
  });
});

describe("other bytes under a name that is for ever", () => {
  test("are refused before anything is sent, all of them named", async () => {
    const store = memoryStore();
    store.plant("css/app-aa11.css", "other!");
    store.plant("js/app-bb22.js", "shrt");
    expect(await rejected(publishAssets({ ...(await site(shop)), store, release, now: 0 }))).toEqual({
      code: "asset-collision",
      message:
        "memory:// has other bytes under css/app-aa11.css and js/app-bb22.js: name collision or non-reproducible build",
      hint: "Find out which of the two is right; give the file a new name, or remove the object from the store by hand.",
      place: { path: "css/app-aa11.css" },
    });
    expect(store.calls).toEqual([]);
  });

  test("are refused too when they came between the listing and the upload", async () => {
    const store = memoryStore();
    store.before = (call) => {
      if (call === "put js/app-bb22.js") store.plant("js/app-bb22.js", "other");
    };
    const problem = await rejected(publishAssets({ ...(await site(shop)), store, release, now: 0 }));
    expect(problem).toMatchObject({ code: "asset-collision" });
    expect(store.objects.has("index.html")).toBe(false);
    expect(store.text("js/app-bb22.js")).toBe("other");
  });

  test("the same bytes that came meanwhile are fine", async () => {
    const store = memoryStore();
    store.before = (call) => {
      if (call === "put js/app-bb22.js") store.plant("js/app-bb22.js", "let a");
    };
    const result = await publishAssets({ ...(await site(shop)), store, release, now: 0 });
    expect(result).toMatchObject({ uploaded: 3, present: 1 });
  });
});

describe("names", () => {
  test.each([
    ["../up.css", "has an empty part, `.` or `..`"],
    ["/root.css", "begins with a slash"],
    ["a\u0000b.css", "has characters that cannot be in a URL"],
    ["a\nb.css", "has characters that cannot be in a URL"],
    ["a\ud800b.css", "has characters that cannot be in a URL"],
    ["a\\b.css", "has a backslash"],
    [".deploy/assets/purge.json", "lies in .deploy/, which is ours"],
    [`${"x".repeat(900)}.css`, "is longer than 900 bytes"],
  ])("refuses %j", async (path, why) => {
    const store = memoryStore();
    const index = indexOfFiles({ [path]: "x" });
    const problem = await rejected(publishAssets({ index, output: "/nowhere", store, release, now: 0 }));
    expect(problem).toMatchObject({
      code: "asset-name",
      message: `${JSON.stringify(path)} cannot be published: it ${why}`,
    });
    expect(store.calls).toEqual([]);
  });

  test("refuses one name twice", async () => {
    const index = { ...indexOfFiles({}), files: [fileOf("a.css", "1"), fileOf("a.css", "2")] };
    const options = { index, output: "/nowhere", store: memoryStore(), release, now: 0 };
    expect(await rejected(publishAssets(options))).toMatchObject({
      message: '"a.css" cannot be published: it is there twice',
    });
  });
});

describe("a rehearsal", () => {
  test("tells what would be done, and changes nothing", async () => {
    const store = memoryStore();
    const cdn = fakeCdn();
    const options = { ...(await site(shop)), store, cdn, release, now: 0 };
    const told = await rehearsePublish(options);
    expect([store.calls, cdn.purged]).toEqual([[], []]);
    expect(await publishAssets(options)).toEqual(told);
    expect(await rehearsePublish(options)).toEqual(await publishAssets(options));
  });

  test("refuses what would be refused", async () => {
    const store = memoryStore();
    store.plant("css/app-aa11.css", "other!");
    const problem = await rejected(rehearsePublish({ ...(await site(shop)), store, release, now: 0 }));
    expect(problem).toMatchObject({ code: "asset-collision" });
  });
});

test("a record of the release that cannot be read stops the publish", async () => {
  const store = memoryStore();
  store.plant(record, "{}");
  const problem = await rejected(publishAssets({ ...(await site(shop)), store, release, now: 0 }));
  expect(problem).toMatchObject({ code: "assets-record", place: { path: record } });
  expect(store.text(record)).toBe("{}");
});

test("a cancelled publish begins nothing more", async () => {
  const store = memoryStore();
  const cancel = new AbortController();
  store.before = (call) => {
    if (call === "put css/app-aa11.css") cancel.abort(new Error("cancelled by the user"));
  };
  const options = { ...(await site(shop)), store, release, now: 0, concurrency: 1, signal: cancel.signal };
  await expect(publishAssets(options)).rejects.toThrow("cancelled by the user");
  expect(store.calls).toEqual([`put ${record}`, "put css/app-aa11.css"]);
});
