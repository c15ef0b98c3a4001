import { describe, expect, test } from "@jest/globals";
import { awsSigner, canonicalRequest } from "../src/s3/signer.ts";

// The worked examples of docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html.
const keys = async () => ({
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
});
const when = { signingDate: new Date("2013-05-24T00:00:00Z"), signingRegion: "us-east-1" };
const hostname = "examplebucket.s3.amazonaws.com";

describe("awsSigner", () => {
  test.each([
    [
      "GET an object's range",
      { path: "/test.txt", headers: { Range: "bytes=0-9" } },
      "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    ],
    [
      "GET a bucket's lifecycle",
      { path: "/", query: { lifecycle: "" }, headers: {} },
      "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
    ],
    [
      "GET a listing",
      { path: "/", query: { prefix: "J", "max-keys": "2" }, headers: {} },
      "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
    ],
  ])("signs AWS's example: %s", async (_, request, signature) => {
    const signer = awsSigner(keys, () => undefined);
    const { headers } = await signer.sign({ method: "GET", hostname, ...request }, when);
    const { authorization = "" } = headers as Record<string, string>;
    expect(authorization.split("Signature=")[1]).toBe(signature);
  });

  test("adds the session's token, and takes a hash that is known", async () => {
    const body = Buffer.from("body");
    const session = async () => ({ ...(await keys()), sessionToken: "token" });
    const signer = awsSigner(session, (one) => (one === body ? "known" : undefined));
    const request = { method: "PUT", hostname: "127.0.0.1", port: 7070, path: "/b/k", headers: {}, body };
    const { headers } = await signer.sign(request, when);
    const { authorization = "", ...rest } = headers as Record<string, string>;
    expect(rest).toEqual({
      host: "127.0.0.1:7070",
      "x-amz-content-sha256": "known",
      "x-amz-date": "20130524T000000Z",
      "x-amz-security-token": "token",
    });
    expect(authorization).toContain(
      "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token, ",
    );
  });

  test("presigns AWS's example, from sigv4-query-string-auth.html", async () => {
    const signer = awsSigner(keys, () => undefined);
    const request = { method: "GET", hostname, path: "/test.txt", headers: {} };
    expect(await signer.presign(request, when, 86_400)).toBe(
      `https://${hostname}/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256` +
        "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request" +
        "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host" +
        "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
    );
  });

  test("the key is derived anew on another day, in another region and with another secret", async () => {
    let secretAccessKey = "one";
    const signer = awsSigner(
      async () => ({ accessKeyId: "id", secretAccessKey }),
      () => undefined,
    );
    const sign = async (day: string, signingRegion: string) => {
      const request = { method: "GET", hostname, path: "/", headers: {} as Record<string, string> };
      await signer.sign(request, { signingDate: new Date(`${day}T00:00:00Z`), signingRegion });
      return request.headers.authorization?.split("Signature=")[1];
    };
    const first = [
      await sign("2026-01-01", "a"),
      await sign("2026-01-02", "a"),
      await sign("2026-01-01", "b"),
    ];
    secretAccessKey = "two";
    const all = [...first, await sign("2026-01-01", "a")];
    secretAccessKey = "one";
    expect([new Set(all).size, await sign("2026-01-01", "a")]).toEqual([4, first[0]]);
  });
});

test("the canonical request sorts, folds and encodes", () => {
  const { text, names } = canonicalRequest({
    method: "GET",
    hostname,
    path: "/a%20b",
    query: { b: "2 !'()*", a: ["y", "x"], gone: null },
    headers: {
      Host: "h",
      "X-Amz-Meta-B": " two   words ",
      "x-amz-meta-a": "1",
      "User-Agent": "no",
      "content-length": "3",
      "x-amz-content-sha256": "sum",
    },
  });
  expect([names, text.split("\n")]).toEqual([
    "host;x-amz-content-sha256;x-amz-meta-a;x-amz-meta-b",
    [
      "GET",
      "/a%20b",
      "a=x&a=y&b=2%20%21%27%28%29%2A",
      ...["host:h", "x-amz-content-sha256:sum", "x-amz-meta-a:1", "x-amz-meta-b:two words", ""],
      "host;x-amz-content-sha256;x-amz-meta-a;x-amz-meta-b",
      "sum",
    ],
  ]);
});
