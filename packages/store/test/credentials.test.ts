import { putText } from "@deploy/testkit";
import { describe, expect, test } from "@jest/globals";
import { refusal, type Seen } from "./front.ts";
import { fine, scripted } from "./scripted.ts";

const s3 = scripted();

describe("credentials and clocks", () => {
  const keyOf = ({ headers }: Seen) => /Credential=(\w+)/.exec(headers.authorization ?? "")?.[1];

  test("expired ones are asked for once more, by all requests together", async () => {
    s3.server.use((seen) => (keyOf(seen) === "key1" ? refusal(400, "ExpiredToken") : fine));
    const store = s3.open();
    await Promise.all(["a", "b", "c", "d"].map((key) => putText(store, key, "x")));
    const fresh = s3.server.seen.filter((seen) => keyOf(seen) === "key2");
    expect([s3.asked(), fresh.map(({ path }) => path.at(-1)).sort()]).toEqual([2, ["a", "b", "c", "d"]]);
  });

  test("and then it is an error", async () => {
    const { problem, lines } = await s3.failing(
      () => refusal(400, "ExpiredToken"),
      () => putText(s3.open(), "a", "x"),
    );
    expect([problem?.code, problem?.message, lines.length, s3.asked()]).toEqual([
      "store-expired",
      "The credentials expired, and asking again gave no others: ExpiredToken (told by the test)",
      2,
      2,
    ]);
  });

  test("a look at an object (its refusal has no body) renews them too", async () => {
    s3.server.use((seen) =>
      keyOf(seen) === "key1" ? { status: 400 } : { status: 200, headers: { "content-length": "3" } },
    );
    expect((await s3.open().details("a"))?.size).toBe(3);
  });

  test("credentials that cannot be had again say why", async () => {
    let times = 0;
    const once = async () => {
      if (times++ > 0) throw new Error("the token endpoint is gone");
      return { accessKeyId: "one", secretAccessKey: "secret" };
    };
    const work = () => putText(s3.open({ credentials: once }), "a", "x");
    const { problem } = await s3.failing(() => refusal(400, "ExpiredToken"), work);
    expect([problem?.code, problem?.message]).toEqual([
      "store-failed",
      "s3:PutObject failed: Error (the token endpoint is gone)",
    ]);
  });

  test("a wrong clock is mended by the server's, once", async () => {
    const hour = 3_600_000;
    const date = new Date(Date.now() + hour).toUTCString();
    s3.server.use((_, index) =>
      index === 0 ? refusal(403, "RequestTimeTooSkewed", "", { date }) : { status: 200, headers: { date } },
    );
    await putText(s3.open(), "a", "x");
    const sent = s3.server.seen.map(({ headers }) => String(headers["x-amz-date"]).slice(0, 11));
    expect(sent[1]).toBe(new Date(Date.now() + hour).toISOString().replace(/[-:]/g, "").slice(0, 11));
    const { problem } = await s3.failing(
      () => refusal(403, "RequestTimeTooSkewed", "", { date }),
      () => putText(s3.open(), "a", "x"),
    );
    expect([problem?.code, problem?.message]).toEqual([
      "store-clock",
      expect.stringContaining(`The server's clock says ${date}, this machine's `),
    ]);
  });
});
