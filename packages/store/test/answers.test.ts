import { keysOf, putText, sha256 } from "@deploy/testkit";
import { describe, expect, test } from "@jest/globals";
import { type Fault, refusal } from "./front.ts";
import { denied, fine, hasty, scripted } from "./scripted.ts";

const s3 = scripted();

test("a refusal of HEAD has no words: GET is asked for them, once", async () => {
  const look = () => s3.open().details("a.css");
  const { problem, lines } = await s3.failing(() => denied("InvalidAccessKeyId"), look);
  expect([problem?.code, lines]).toEqual(["store-credentials", ["HEAD shop/a.css", "GET shop/a.css"]]);
  const headAlone = await s3.failing(({ method }) => (method === "HEAD" ? denied("") : fine), look);
  expect(headAlone.problem?.code).toBe("store-denied");
});

describe("what is final is not repeated, and says what to do", () => {
  const put = () => putText(s3.open(), "a.css", "body{}");
  const place = { path: "s3://cdn-bucket/shop/a.css" };
  const arn = "arn:aws:s3:::cdn-bucket/shop/a.css";

  test.each([
    [
      "no permission",
      denied("AccessDenied"),
      {
        code: "store-denied",
        message: `The credentials may not s3:PutObject on ${arn}: AccessDenied (told by the test)`,
        hint: `Grant s3:PutObject on ${arn}.`,
      },
    ],
    [
      "unknown keys",
      denied("InvalidAccessKeyId"),
      {
        code: "store-credentials",
        message: "The credentials for cdn-bucket do not work: InvalidAccessKeyId (told by the test)",
        hint: "Give `role`, keys, or what the standard AWS chain reads.",
      },
    ],
    [
      "a redirect to another region",
      refusal(301, "PermanentRedirect", "", { "x-amz-bucket-region": "eu-central-1" }),
      {
        code: "store-region",
        message: "The bucket cdn-bucket is in eu-central-1, asked was us-east-1",
        hint: "Set `region: eu-central-1`.",
      },
    ],
    [
      "a signature for another region",
      refusal(400, "AuthorizationHeaderMalformed", "<Region>eu-west-3</Region>"),
      {
        code: "store-region",
        message: "The bucket cdn-bucket is in eu-west-3, asked was us-east-1",
        hint: "Set `region: eu-west-3`.",
      },
    ],
    [
      "anything else",
      refusal(400, "EntityTooLarge"),
      {
        code: "store-failed",
        message: "s3:PutObject failed: EntityTooLarge (told by the test)",
        hint: "Check the endpoint and the store's own state, then run it again: nothing is sent twice.",
      },
    ],
  ])("%s", async (_, fault, problem) => {
    const region = { region: "us-east-1" };
    const work = () => putText(s3.open(region), "a.css", "body{}");
    expect(await s3.failing(() => fault, work)).toEqual({
      problem: { ...problem, place },
      lines: ["PUT shop/a.css"],
    });
  });

  test("a bucket that is not there", async () => {
    const { problem, lines } = await s3.failing(() => refusal(404, "NoSuchBucket"), put);
    expect([problem?.code, problem?.message, lines]).toEqual([
      "bucket-missing",
      `${s3.server.endpoint} has no bucket cdn-bucket`,
      ["PUT shop/a.css"],
    ]);
  });

  test("a removal, a listing and a look that are not allowed name their own permission", async () => {
    const store = s3.open();
    const works = [
      () => store.remove("a"),
      () => keysOf(store, ""),
      () => store.details("a"),
      () => store.listUnfinished(""),
    ];
    const hints: unknown[] = [];
    for (const work of works)
      hints.push((await s3.failing(() => denied("AccessDenied"), work)).problem?.hint);
    expect(hints).toEqual([
      "Grant s3:DeleteObject on arn:aws:s3:::cdn-bucket/shop/a.",
      "Grant s3:ListBucket on arn:aws:s3:::cdn-bucket.",
      "Grant s3:GetObject on arn:aws:s3:::cdn-bucket/shop/a (without s3:ListBucket on the bucket a missing object looks the same).",
      "Grant s3:ListBucketMultipartUploads on arn:aws:s3:::cdn-bucket.",
    ]);
  });

  test("a hostile message is one clean line", async () => {
    const body = `<Error><Code>Odd&#27;[31m</Code><Message>two\nlines&#27;]0;title&#7; ${"x".repeat(999)}</Message></Error>`;
    const { problem } = await s3.failing(() => ({ status: 400, body }), put);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(problem?.message).not.toMatch(/[\0-\x1f\x7f]/);
    expect(problem?.message.length).toBeLessThan(400);
  });
});

describe("what may pass is repeated, a bounded number of times", () => {
  test.each<[string, Fault]>([
    ["503 SlowDown", refusal(503, "SlowDown")],
    ["500", { status: 500, body: "<html>oops" }],
    ["429", { status: 429 }],
    ["a race of conditional writes", refusal(409, "ConditionalRequestConflict")],
    ["bytes changed on the way", refusal(400, "XAmzContentSHA256Mismatch")],
    ["a reset", "reset"],
    ["silence", "hang"],
  ])("%s", async (_, fault) => {
    s3.server.use((__, index) => (index < 2 ? fault : fine));
    const open = () => s3.open({}, fault === "hang" ? hasty : {});
    const text = "x".repeat(100_000);
    expect(await putText(open(), "a", text)).toEqual({
      kind: "written",
      size: 100_000,
      sha256: sha256(text),
    });
    expect(s3.server.seen.map(({ body }) => body.toString() === text)).toEqual([true, true, true]);
    const { problem, lines } = await s3.failing(
      () => fault,
      () => putText(open(), "a", text),
    );
    expect([problem?.code, problem?.message, lines]).toEqual([
      "store-failed",
      expect.stringMatching(/^s3:PutObject failed after 3 tries: /),
      ["PUT shop/a", "PUT shop/a", "PUT shop/a"],
    ]);
  });

  test("a cancelled put ends at once", async () => {
    const stop = new AbortController();
    s3.server.use(() => {
      stop.abort(new Error("cancelled"));
      return refusal(503, "SlowDown");
    });
    await expect(putText(s3.open(), "a", "x", { signal: stop.signal })).rejects.toThrow("cancelled");
    expect(s3.server.lines()).toEqual(["PUT shop/a"]);
  });
});
