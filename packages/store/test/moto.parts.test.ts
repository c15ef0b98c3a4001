import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { type MotoServer, motoServer, needs, storeContract } from "@deploy/testkit";
import { afterAll, beforeAll } from "@jest/globals";
import { s3Store } from "../src/index.ts";

needs("moto_server")("s3Store on moto", () => {
  const credentials = async () => ({ accessKeyId: "AKIATEST", secretAccessKey: "secret" });
  let moto: MotoServer;

  beforeAll(async () => {
    moto = await motoServer();
    const client = new S3Client({
      region: "us-east-1",
      endpoint: moto.url,
      credentials,
      forcePathStyle: true,
    });
    await client.send(new CreateBucketCommand({ Bucket: "assets" }));
    client.destroy();
  });
  afterAll(() => moto?.stop());

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
