import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { needs, type S3Server, s3Server } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";

// In a process of its own, since the peak is the process's.
const script = `
const { s3Store } = await import(process.argv[1]);
const [bucket, endpoint, accessKeyId, secretAccessKey, mebibytes] = process.argv.slice(2);
const store = s3Store({ bucket, prefix: "", endpoint, credentials: async () => ({ accessKeyId, secretAccessKey }) });
const body = async function* () { for (let i = 0; i < Number(mebibytes); i++) yield Buffer.alloc(1 << 20, i); };
await store.putStream("size-" + mebibytes, body(), { overwrite: false });
let size = 0;
for await (const chunk of await store.read("size-" + mebibytes)) size += chunk.length;
if (size !== mebibytes * (1 << 20)) throw new Error("read " + size);
store.close();
console.log(process.resourceUsage().maxRSS / 1024);
`;

needs("versitygw")("memory", () => {
  let server: S3Server;
  beforeAll(async () => {
    server = await s3Server();
  });
  afterAll(() => server?.stop());

  function peakFor(mebibytes: number): number {
    const store = join(import.meta.dirname, "../src/s3/store.ts");
    const { bucket, endpoint, accessKey, secretKey } = server;
    const args = ["--input-type=module", "-e", script];
    const given = [store, bucket, endpoint, accessKey, secretKey, String(mebibytes)];
    return Number(execFileSync(process.execPath, [...args, ...given], { encoding: "utf8" }));
  }

  test("a stream of 300 MiB takes hardly more than one of 100", () => {
    const [small, large] = [peakFor(100), peakFor(300)];
    expect(large - small).toBeLessThan(64);
  });
});
