import { codeOf, putText, sha256 } from "@deploy/testkit";
import { describe, expect, test } from "@jest/globals";
import { type Fault, refusal, type Seen } from "./front.ts";
import { fine, scripted } from "./scripted.ts";

const s3 = scripted();

describe("conditional writes", () => {
  /** A server that keeps one object's put-id. */
  const keeping = (lose: (seen: Seen) => boolean) => {
    let kept: string | undefined;
    return (seen: Seen): Fault => {
      const put = String(seen.headers["x-amz-meta-put-id"]);
      if (seen.method === "HEAD") {
        return kept === undefined
          ? { status: 404 }
          : { status: 200, headers: { "x-amz-meta-put-id": kept, "content-length": "1" } };
      }
      if (kept !== undefined) return refusal(412, "PreconditionFailed");
      kept = put;
      return lose(seen) ? "reset" : fine;
    };
  };

  test("a put whose answer got lost knows its own object again", async () => {
    s3.server.use(keeping(() => true));
    expect(await putText(s3.open(), "a", "x")).toEqual({ kind: "written", size: 1, sha256: sha256("x") });
    expect(s3.server.lines()).toEqual(["PUT shop/a", "PUT shop/a", "HEAD shop/a"]);
  });

  test("another's object stays", async () => {
    s3.server.use(keeping(() => false));
    const puts = [await putText(s3.open(), "a", "x"), await putText(s3.open(), "a", "x")];
    expect(puts).toEqual([
      { kind: "written", size: 1, sha256: sha256("x") },
      { kind: "present", object: expect.objectContaining({ key: "a", size: 1, metadata: {} }) },
    ]);
  });

  test("what was in the way and is gone is no obstacle, but not for ever", async () => {
    const gone = (index: number): Fault | undefined =>
      index % 2 === 0 ? refusal(412, "PreconditionFailed") : { status: 404 };
    s3.server.use((_, index) => (index < 2 ? gone(index) : fine));
    expect((await putText(s3.open(), "a", "x")).kind).toBe("written");
    const { problem, lines } = await s3.failing(
      (_, index) => gone(index),
      () => putText(s3.open(), "a", "x"),
    );
    expect([problem?.message, lines.length]).toEqual([
      "s3://cdn-bucket/shop/a is written and removed by others while it is put",
      10,
    ]);
  });

  test("a server without them is looked at first, with one warning", async () => {
    const warnings: string[] = [];
    const store = s3.open({ onWarning: (text) => warnings.push(text) });
    s3.server.use(({ method, path, headers }) => {
      if (headers["if-none-match"] !== undefined) return refusal(501, "NotImplemented");
      if (method === "HEAD") return { status: path.endsWith("taken") ? 200 : 404 };
      return fine;
    });
    const kinds = [
      await putText(store, "a", "x"),
      await putText(store, "taken", "x"),
      await putText(store, "b", "x"),
    ];
    expect(kinds.map(({ kind }) => kind)).toEqual(["written", "present", "written"]);
    expect(s3.server.lines()).toEqual([
      ...["PUT shop/a", "HEAD shop/a", "PUT shop/a"],
      ...["HEAD shop/taken", "HEAD shop/b", "PUT shop/b"],
    ]);
    expect(warnings).toEqual([
      `${s3.server.endpoint} has no conditional writes: another run that writes the same name at the same moment is not noticed`,
    ]);
  });

  test("a version is named to the server, past the SDK too", async () => {
    s3.server.use(() => fine);
    const store = s3.open();
    const overwrite = { etag: "0123" };
    for (const key of ["a", "b"]) await putText(store, key, "x", { overwrite });
    const told = s3.server.seen.map(({ headers }) => [headers["if-match"], headers["if-none-match"]]);
    expect(told).toEqual([
      ['"0123"', undefined],
      ['"0123"', undefined],
    ]);
  });

  test("a replacing put whose answer got lost knows its own object again", async () => {
    s3.server.use(keeping(() => true));
    const put = await putText(s3.open(), "a", "x", { overwrite: { etag: "0123" } });
    expect(put.kind).toBe("written");
    expect(s3.server.lines()).toEqual(["PUT shop/a", "PUT shop/a", "HEAD shop/a"]);
  });

  test("a server without them: the version is looked at first", async () => {
    const etags: Record<string, string> = { "shop/same": '"0123"', "shop/other": '"4567"' };
    const store = s3.open();
    s3.server.use(({ method, path, headers }) => {
      if (headers["if-match"] !== undefined) return refusal(501, "NotImplemented");
      const etag = etags[path.split("/").slice(2).join("/")];
      if (method === "HEAD") return etag === undefined ? { status: 404 } : { status: 200, headers: { etag } };
      return fine;
    });
    const put = (key: string) => putText(store, key, "x", { overwrite: { etag: "0123" } });
    expect([(await put("same")).kind, (await put("other")).kind, await codeOf(put("gone"))]).toEqual([
      "written",
      "present",
      "object-missing",
    ]);
  });
});
