import type { Store } from "@deploy/store";
import { expect, test } from "@jest/globals";
import { codeOf, keysOf, putText, readText, sha256, streamOf, withFile } from "./subject.ts";

export function writes(get: () => Store): void {
  test("an object comes back with all that it was put with", async () => {
    const metadata = { commit: "4f2a91c", "made-by": "Zoë  Ünal, 東京 ", empty: "" };
    const put = await putText(get(), "told/app.css", "body{}", {
      contentType: "text/css; charset=utf-8",
      cacheControl: "public, max-age=31536000, immutable",
      contentEncoding: "br",
      metadata,
    });
    const { modified, etag: _, ...details } = (await get().details("told/app.css")) ?? { modified: 0 };
    expect([put, details]).toEqual([
      { kind: "written", size: 6, sha256: sha256("body{}") },
      {
        key: "told/app.css",
        size: 6,
        sha256: sha256("body{}"),
        contentType: "text/css; charset=utf-8",
        cacheControl: "public, max-age=31536000, immutable",
        contentEncoding: "br",
        metadata,
      },
    ]);
    expect(Math.abs(Date.now() - modified)).toBeLessThan(3_600_000);
  });

  test.each([false, true])("an empty object is an object, as a stream too (%s)", async (stream) => {
    const key = `empty/${stream}`;
    const options = { overwrite: false };
    const put = await (stream
      ? get().putStream(key, streamOf([]), options)
      : get().put(key, Buffer.alloc(0), options));
    expect([put, await readText(get(), key)]).toEqual([{ kind: "written", size: 0, sha256: sha256("") }, ""]);
  });

  test("a conditional put leaves what is there, and tells what it is", async () => {
    await putText(get(), "taken", "first");
    const second = await putText(get(), "taken", "second");
    const streamed = await get().putStream("taken", streamOf([Buffer.from("third")]), { overwrite: false });
    const object = await get().details("taken");
    expect([second, streamed]).toEqual([
      { kind: "present", object },
      { kind: "present", object },
    ]);
    expect([object?.sha256, await readText(get(), "taken")]).toEqual([sha256("first"), "first"]);
  });

  test("an overwriting put replaces bytes and metadata", async () => {
    await putText(get(), "again", "first", { metadata: { old: "1" }, contentType: "text/plain" });
    const put = await putText(get(), "again", "second", { overwrite: true, metadata: { new: "2" } });
    const { size, sha256: sum, metadata } = (await get().details("again")) ?? {};
    expect([put, { size, sum, metadata }, await readText(get(), "again")]).toEqual([
      { kind: "written", size: 6, sha256: sha256("second") },
      { size: 6, sum: sha256("second"), metadata: { new: "2" } },
      "second",
    ]);
  });

  test("of eight conditional puts at once exactly one writes", async () => {
    const texts = Array.from({ length: 8 }, (_, index) => `writer ${index}`);
    const puts = await Promise.all(texts.map((text) => putText(get(), "race", text)));
    const winners = texts.filter((_, index) => puts[index]?.kind === "written");
    const object = await get().details("race");
    expect([winners, puts.filter(({ kind }) => kind === "present")]).toEqual([
      [await readText(get(), "race")],
      Array.from({ length: 7 }, () => ({ kind: "present", object })),
    ]);
  });

  failures(get);
}

/** What fails leaves nothing. */
function failures(get: () => Store): void {
  test.each([
    ["at once", 0],
    ["after a few bytes", 10],
    ["after 20 MiB", 20 << 20],
  ])("a stream that fails %s leaves nothing", async (_, size) => {
    const failure = new Error("the dump exited 1");
    const body = streamOf(
      Array.from({ length: Math.ceil(size / (1 << 20)) }, () => Buffer.alloc(1 << 20)),
      failure,
    );
    await expect(get().putStream("half", body, { overwrite: false })).rejects.toBe(failure);
    const left = [await get().details("half"), await keysOf(get(), "half"), await get().listUnfinished("")];
    expect(left).toEqual([undefined, [], []]);
  });

  test("bytes that are not the announced ones are not stored", async () => {
    const put = putText(get(), "other", "bytes", { sha256: sha256("announced") });
    expect([await codeOf(put), await get().details("other")]).toEqual(["body-changed", undefined]);
  });

  test.each([
    ["shorter than announced", 100, 99],
    ["longer than announced", 100, 101],
    ["large and shorter than announced", 18 << 20, (18 << 20) - 1],
    ["gone", 100, undefined],
  ])("a file that is %s is not stored", async (_, size, actual) => {
    await withFile(actual ?? 1, async (file) => {
      const body = { file: actual === undefined ? `${file}.gone` : file, size };
      const code = await codeOf(get().put("cut", body, { overwrite: false }));
      const left = [await get().details("cut"), await get().listUnfinished("")];
      expect([code, ...left]).toEqual(["body-changed", undefined, []]);
    });
  });

  test("a put that is aborted leaves nothing", async () => {
    const stop = new AbortController();
    const body = async function* () {
      yield Buffer.alloc(100);
      stop.abort(new Error("cancelled"));
      yield Buffer.alloc(100);
    };
    const put = get().putStream("aborted", body(), { overwrite: false, signal: stop.signal });
    await expect(put).rejects.toThrow("cancelled");
    expect(await get().details("aborted")).toBe(undefined);
  });

  const control = String.fromCharCode(1);
  const lone = String.fromCharCode(0xd800);
  test.each(["", "/a", "a/", "a//b", "..", "a/../b", "./a", "a\nb", "a\0b", control, lone, "x".repeat(1025)])(
    "the name %j is refused",
    async (key) => {
      const asked = [putText(get(), key, "x"), get().details(key), get().read(key), get().remove(key)];
      expect(await Promise.all(asked.map(codeOf))).toEqual(asked.map(() => "store-key"));
    },
  );
}
