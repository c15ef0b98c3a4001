import { CreateBucketCommand, HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { type MotoServer, motoServer, needs, readBytes, storeContract } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { s3Store } from "../src/index.ts";

needs("moto_server")("s3Store on moto", () => {
  const credentials = async () => ({ accessKeyId: "AKIATEST", secretAccessKey: "secret" });
  let moto: MotoServer;
  let client: S3Client;

  beforeAll(async () => {
    moto = await motoServer();
    client = new S3Client({
      region: "us-east-1",
      endpoint: moto.url,
      credentials,
      forcePathStyle: true,
    });
    await client.send(new CreateBucketCommand({ Bucket: "assets" }));
  });
  afterAll(async () => {
    client?.destroy();
    await moto?.stop();
  });

  test.each([
    ["AES256", { sse: "AES256" }],
    ["aws:kms", { sse: "aws:kms" }],
    ["aws:kms by alias/shop", { sseKmsKeyId: "alias/shop" }],
  ] as const)("what is put is encrypted as asked for: %s", async (wanted, options) => {
    const to = { bucket: "assets", prefix: "sse", region: "us-east-1", endpoint: moto.url, credentials };
    const store = s3Store({ ...to, ...options }, { whole: 1_000_000 });
    const how = async (Key: string) => {
      const found = await client.send(new HeadObjectCommand({ Bucket: "assets", Key: `sse/${Key}` }));
      const by = found.SSEKMSKeyId === undefined ? "" : ` by ${found.SSEKMSKeyId}`;
      return `${found.ServerSideEncryption}${by}`;
    };
    // The first goes by the SDK, the second past it, the third in parts.
    const small = Buffer.from("small");
    for (const key of ["first", "second"]) await store.put(key, small, { overwrite: true });
    await store.put("large", Buffer.alloc(12_000_000, 1), { overwrite: true });
    expect(await Promise.all(["first", "second", "large"].map(how))).toEqual([wanted, wanted, wanted]);
    expect((await readBytes(store, "second")).equals(small)).toBe(true);
    store.close();
  });

  storeContract(
    "below a prefix",
    async () => ({
      store: s3Store({
        bucket: "assets",
        prefix: "shop",
        region: "us-east-1",
        endpoint: moto.url,
        credentials,
      }),
      cleanup: async () => {},
    }),
    { many: 40, presigned: "served" },
  );
});
