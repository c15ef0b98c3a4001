import { codeOf } from "@deploy/testkit";
import { describe, expect, test } from "@jest/globals";
import { type AwsKeys, type S3Options, s3Store } from "../src/index.ts";

const keys: AwsKeys = { accessKeyId: "AKIATEST", secretAccessKey: "secret" };

interface Presigned {
  readonly place: string;
  readonly query: Readonly<Record<string, string | undefined>>;
}

/** The parts of the address, without what the clock decides. */
async function presigned(
  options: Partial<S3Options>,
  expires = 900,
  made: AwsKeys = keys,
): Promise<Presigned> {
  const store = s3Store({
    bucket: "shop-bucket",
    prefix: "uploads",
    region: "eu-central-1",
    credentials: async () => made,
    ...options,
  });
  const url = new URL((await store.presign?.("a/b c.tar", { expires })) ?? "none:");
  store.close();
  const { "X-Amz-Date": date, "X-Amz-Signature": signature, ...query } = Object.fromEntries(url.searchParams);
  expect([date, signature]).toEqual([
    expect.stringMatching(/^\d{8}T\d{6}Z$/),
    expect.stringMatching(/^[0-9a-f]{64}$/),
  ]);
  const credential = query["X-Amz-Credential"]?.replace(date?.slice(0, 8) ?? "", "DAY");
  return { place: `${url.origin}${url.pathname}`, query: { ...query, "X-Amz-Credential": credential } };
}

const query = {
  "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
  "X-Amz-Credential": "AKIATEST/DAY/eu-central-1/s3/aws4_request",
  "X-Amz-Expires": "900",
  "X-Amz-SignedHeaders": "host",
  "x-id": "GetObject",
};

describe("presign", () => {
  test.each<readonly [string, Partial<S3Options>, string]>([
    ["AWS", {}, "https://shop-bucket.s3.eu-central-1.amazonaws.com/uploads/a/b%20c.tar"],
    [
      "AWS by path",
      { pathStyle: true },
      "https://s3.eu-central-1.amazonaws.com/shop-bucket/uploads/a/b%20c.tar",
    ],
    [
      "another server",
      { endpoint: "http://10.1.2.3:7070" },
      "http://10.1.2.3:7070/shop-bucket/uploads/a/b%20c.tar",
    ],
    [
      "another server by name",
      { endpoint: "https://s3.example.com", pathStyle: false, prefix: "" },
      "https://shop-bucket.s3.example.com/a/b%20c.tar",
    ],
  ])("the address is where the store is: %s", async (_, options, place) => {
    expect(await presigned(options)).toEqual({ place, query });
  });

  test("it brings the session's token", async () => {
    const session = { ...keys, sessionToken: "to/ken+=" };
    const { query: told } = await presigned({}, 900, session);
    expect(told).toEqual({ ...query, "X-Amz-Security-Token": "to/ken+=" });
  });

  test("it lives no longer than the credentials, nor than a week", async () => {
    const until = (left: number) => ({ ...keys, expiration: new Date(Date.now() + left) });
    const lifeOf = async (expires: number, made: AwsKeys) =>
      Number((await presigned({}, expires, made)).query["X-Amz-Expires"]);
    const hour = 3_600_000;
    expect([
      await lifeOf(900, until(hour)),
      await lifeOf(1_000_000, keys),
      (await lifeOf(7200, until(hour))) <= 3600,
    ]).toEqual([900, 604_800, true]);
  });

  test("without credentials that live there is none, and a directory bucket has none at all", async () => {
    const expired = { ...keys, expiration: new Date(0) };
    const gone = async () => {
      throw Object.assign(new Error("Could not load credentials"), { name: "CredentialsProviderError" });
    };
    const open = (credentials: () => Promise<AwsKeys>, bucket = "shop-bucket") =>
      s3Store({ bucket, prefix: "", region: "eu-central-1", credentials });
    const asked = [async () => expired, gone].map((from) => open(from).presign?.("a", { expires: 900 }));
    const codes = await Promise.all(asked.map((one) => codeOf(one ?? Promise.resolve())));
    expect([codes, open(gone, "shop--euc1-az1--x-s3").presign]).toEqual([
      ["store-expired", "store-credentials"],
      undefined,
    ]);
  });
});
