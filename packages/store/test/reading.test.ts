import { keysOf, readText, sha256 } from "@deploy/testkit";
import { describe, expect, test } from "@jest/globals";
import { type Fault, refusal, type Seen } from "./front.ts";
import { scripted } from "./scripted.ts";

const s3 = scripted();

describe("listings", () => {
  const page = (keys: readonly string[], more = "") => ({
    status: 200,
    body: `<ListBucketResult>${keys.map((key) => `<Contents><Key>${key}</Key><Size>1</Size></Contents>`).join("")}${more}</ListBucketResult>`,
  });
  const truncated = "<IsTruncated>true</IsTruncated>";
  const url = "<EncodingType>url</EncodingType>";

  test("follow the pages, undo the encoding and leave out what is not below the prefix", async () => {
    s3.server.use(({ query }) =>
      query.get("continuation-token") === "two/+"
        ? page(["shop/b%0Ac", "shop/d+e%2B"], url)
        : page(["shop/", "shop/a"], `${url}${truncated}<NextContinuationToken>two/+</NextContinuationToken>`),
    );
    expect(await keysOf(s3.open(), "")).toEqual(["a", "b\nc", "d e+"]);
    expect(s3.server.seen.map(({ query }) => query.get("prefix"))).toEqual(["shop/", "shop/"]);
  });

  test.each([
    ["names no next page", page(["shop/a"], truncated), "breaks off: it names no next page"],
    [
      "names the same page for ever",
      page(["shop/a"], `${truncated}<NextContinuationToken>same</NextContinuationToken>`),
      "is out of order",
    ],
    [
      "names the same empty page for ever",
      page([], `${truncated}<NextContinuationToken>same</NextContinuationToken>`),
      "breaks off: it names no next page",
    ],
    ["is in no order", page(["shop/b", "shop/a"]), 'is out of order: "b" before "a"'],
  ])("one that %s is an error", async (_, fault, message) => {
    s3.server.use(() => fault);
    await expect(keysOf(s3.open(), "")).rejects.toThrow(message);
  });

  test("of unfinished uploads go over pages too", async () => {
    const one = (key: string) =>
      `<Upload><Key>${key}</Key><UploadId>${key}-id</UploadId><Initiated>2026-11-21T08:00:00Z</Initiated></Upload>`;
    s3.server.use(({ query }) => ({
      status: 200,
      body: query.has("key-marker")
        ? `<ListMultipartUploadsResult>${one("shop/b")}</ListMultipartUploadsResult>`
        : `<ListMultipartUploadsResult>${truncated}<NextKeyMarker>shop/a</NextKeyMarker>${one("shop/a")}</ListMultipartUploadsResult>`,
    }));
    const since = Date.UTC(2026, 10, 21, 8);
    expect(await s3.open().listUnfinished("")).toEqual([
      { key: "a", since, id: "shop/a-id" },
      { key: "b", since, id: "shop/b-id" },
    ]);
  });
});

describe("reading", () => {
  const text = "0123456789".repeat(10_000);
  const object = ({ headers }: Seen): Fault => {
    const [, from] = /bytes=(\d+)-/.exec(String(headers.range ?? "")) ?? [];
    if (from === undefined) return { status: 200, headers: { etag: '"v1"' }, body: text };
    const range = { "content-range": `bytes ${from}-${text.length - 1}/${text.length}` };
    return { status: 206, headers: { etag: '"v1"', ...range }, body: text.slice(Number(from)) };
  };

  test("an object of one piece", async () => {
    s3.server.use(object);
    expect([await readText(s3.open(), "a"), await readText(s3.open(), "a", { start: 99_995 })]).toEqual([
      text,
      "56789",
    ]);
  });

  test("an object that was replaced meanwhile is not mixed with the old one", async () => {
    s3.server.use((seen, index) => {
      if (index > 0) return refusal(412, "PreconditionFailed");
      return {
        ...(object(seen) as object),
        status: 200,
        headers: { etag: '"v1"', "content-length": "200000" },
      };
    });
    await expect(readText(s3.open(), "a")).rejects.toMatchObject({
      problem: { code: "object-changed", message: "s3://cdn-bucket/shop/a was replaced while it was read" },
    });
    expect(s3.server.seen[1]?.headers).toMatchObject({ "if-match": '"v1"', range: "bytes=100000-199999" });
  });

  test("a server that ignores a range, or says no length, is not believed", async () => {
    s3.server.use(() => ({ status: 200, body: text }));
    await expect(readText(s3.open(), "a", { start: 5 })).rejects.toThrow(
      "shop/a begins at bytes 0-, not at 5",
    );
    s3.server.use(() => ({ status: 200, headers: { "transfer-encoding": "chunked" }, body: text }));
    await expect(readText(s3.open(), "a")).rejects.toThrow("shop/a does not say how long it is");
  });

  test("bytes that are not those that were stored are an error", async () => {
    const stored = sha256(text.replace("0", "1"));
    s3.server.use((seen) => ({
      ...(object(seen) as object),
      status: 200,
      headers: { "x-amz-meta-sha256": stored },
    }));
    await expect(readText(s3.open(), "a")).rejects.toThrow(`it was stored as ${stored}`);
  });
});
