import { sha256, streamOf } from "@deploy/testkit";
import { describe, expect, test } from "@jest/globals";
import { type Fault, refusal, type Seen } from "./front.ts";
import { denied, fine, mebibyte, scripted } from "./scripted.ts";

const s3 = scripted();

describe("uploads in parts", () => {
  const begun: Fault = {
    status: 200,
    body: "<InitiateMultipartUploadResult><UploadId>U1</UploadId></InitiateMultipartUploadResult>",
  };
  const completed: Fault = {
    status: 200,
    body: "<CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>",
  };
  const body = () => streamOf([Buffer.alloc(6 * mebibyte)]);
  const upload = () => s3.open().putStream("dump", body(), { overwrite: true });
  const serve =
    (changes: Partial<Record<"begin" | "part" | "complete" | "abort", Fault>>) =>
    ({ method, query }: Seen): Fault => {
      if (query.has("uploads")) return changes.begin ?? begun;
      if (query.has("partNumber")) return changes.part ?? fine;
      return method === "POST" ? (changes.complete ?? completed) : (changes.abort ?? { status: 204 });
    };

  test("go through begin, parts and completion, each part with its checksum", async () => {
    s3.server.use(serve({}));
    expect(await upload()).toEqual({
      kind: "written",
      size: 6 * mebibyte,
      sha256: sha256(Buffer.alloc(6 * mebibyte)),
    });
    const [begin, ...parts] = s3.server.lines();
    expect([begin, parts.slice(0, -1).sort(), parts.at(-1)]).toEqual([
      "POST shop/dump?uploads",
      ["PUT shop/dump?partNumber=1", "PUT shop/dump?partNumber=2"],
      "POST shop/dump?uploadId",
    ]);
    const sums = s3.server.seen
      .filter(({ method }) => method === "PUT")
      .sort((one, other) => Number(one.query.get("partNumber")) - Number(other.query.get("partNumber")))
      .map(({ headers }) => `<ChecksumCRC32>${headers["x-amz-checksum-crc32"]}`);
    expect(
      s3.server.seen
        .at(-1)
        ?.body.toString()
        .match(/<ChecksumCRC32>[^<]+/g),
    ).toEqual(sums);
  });

  test.each(["part", "complete"] as const)("are aborted when the %s fails", async (step) => {
    const { problem, lines } = await s3.failing(serve({ [step]: denied("AccessDenied") }), upload);
    // A part that was cut off meanwhile may be seen at any time.
    const others = lines.filter((line) => !line.startsWith("PUT "));
    expect([problem?.code, others.at(-1)]).toEqual(["store-denied", "DELETE shop/dump?uploadId"]);
  });

  test("name what stayed behind when the abort fails too", async () => {
    const { problem } = await s3.failing(
      serve({ part: denied("AccessDenied"), abort: { status: 500 } }),
      upload,
    );
    expect([problem?.code, problem?.message, problem?.place]).toEqual([
      "upload-left",
      expect.stringMatching(
        /^The credentials may not s3:PutObject on .*\. The parts of the upload U1 of s3:\/\/cdn-bucket\/shop\/dump stayed behind: s3:AbortMultipartUpload failed after 3 tries: /,
      ),
      { path: "s3://cdn-bucket/shop/dump" },
    ]);
  });

  test("an error inside a 200 answer is an error", async () => {
    const inside: Fault = {
      status: 200,
      body: "<Error><Code>InternalError</Code><Message>late</Message></Error>",
    };
    const { problem, lines } = await s3.failing(serve({ complete: inside }), upload);
    expect([problem?.code, lines.filter((line) => line.startsWith("POST")).length]).toEqual([
      "store-failed",
      4,
    ]);
  });

  test("a completion whose answer got lost is known again by its mark", async () => {
    let mark: string | undefined;
    s3.server.use((seen) => {
      if (seen.query.has("uploads")) mark = String(seen.headers["x-amz-meta-put-id"]);
      if (seen.method === "HEAD") return { status: 200, headers: { "x-amz-meta-put-id": mark ?? "" } };
      if (seen.method === "POST" && !seen.query.has("uploads")) {
        return s3.server.lines().filter((line) => line === "POST shop/dump?uploadId").length === 1
          ? "reset"
          : refusal(404, "NoSuchUpload");
      }
      return serve({})(seen);
    });
    expect((await upload()).kind).toBe("written");
  });

  test("an upload that somebody else aborted is an error", async () => {
    s3.server.use((seen) =>
      seen.method === "HEAD" ? { status: 404 } : serve({ complete: refusal(404, "NoSuchUpload") })(seen),
    );
    await expect(upload()).rejects.toThrow(
      "The upload U1 of s3://cdn-bucket/shop/dump could not be completed: the store answers NoSuchUpload",
    );
  });

  test("what lies there is found before a byte is sent", async () => {
    s3.server.use(({ method }) =>
      method === "HEAD" ? { status: 200, headers: { "content-length": "5" } } : fine,
    );
    const put = await s3.open().putStream("dump", body(), { overwrite: false });
    expect([put.kind, s3.server.lines()]).toEqual(["present", ["HEAD shop/dump"]]);
  });

  test("a stream that hangs does not keep a cancelled upload", async () => {
    const stop = new AbortController();
    const hanging = async function* () {
      yield* body();
      stop.abort(new Error("cancelled"));
      await new Promise(() => {});
    };
    s3.server.use(serve({}));
    const put = s3.open().putStream("dump", hanging(), { overwrite: true, signal: stop.signal });
    await expect(put).rejects.toThrow("cancelled");
    expect(s3.server.lines().at(-1)).toBe("DELETE shop/dump?uploadId");
  });
});
