import { needs, type S3Server, s3Server, storeContract } from "@deploy/testkit";
import { afterAll, beforeAll } from "@jest/globals";
import { s3Store } from "../src/index.ts";

needs("versitygw")("s3Store on versitygw", () => {
  let server: S3Server;
  beforeAll(async () => {
    server = await s3Server();
  });
  afterAll(() => server?.stop());

  storeContract(
    "below a prefix",
    async () => {
      const { bucket, endpoint, credentials } = server;
      return {
        store: s3Store({ bucket, prefix: "shop/assets", endpoint, credentials }),
        cleanup: async () => {},
      };
    },
    { many: 2500 },
  );

  storeContract(
    "the whole bucket, without checksum headers",
    async () => {
      const { bucket, endpoint, credentials } = server;
      const options = { bucket, prefix: "", endpoint, credentials, checksums: "when-required" } as const;
      return { store: s3Store(options), cleanup: async () => {} };
    },
    { many: 20 },
  );
});
