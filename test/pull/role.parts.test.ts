import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { publishPointer } from "@deploy/pull";
import { s3Store } from "@deploy/store";
import { needs, type S3Server, s3Server } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { dash } from "../../packages/remote/test/shells.ts";
import { makeMachine } from "./machine.ts";
import { A, B, makeStage, pointerOf, type Stage } from "./stage.ts";

/**
 * The metadata of an EC2 instance, version 2: nothing without a token that was asked for with PUT. The keys are lasting ones: versitygw
 * takes no session's.
 */
function metadata({ accessKey, secretKey }: S3Server): Server {
  const keys = { Code: "Success", AccessKeyId: accessKey, SecretAccessKey: secretKey, Token: "" };
  const root = "/latest/meta-data/iam/security-credentials/";
  return createServer((request, response) => {
    const { method, url, headers } = request;
    const life = Number(headers["x-aws-ec2-metadata-token-ttl-seconds"]);
    if (method === "PUT" && url === "/latest/api/token" && life > 0) response.end("metadata-token");
    else if (headers["x-aws-ec2-metadata-token"] !== "metadata-token") response.writeHead(401).end();
    else if (url === root) response.end("shop-machine");
    else if (url === `${root}shop-machine`) response.end(JSON.stringify(keys, undefined, 2));
    else response.writeHead(404).end();
  });
}

needs("versitygw")("a private bucket, read and told as the role of an instance", () => {
  let s3: S3Server;
  let imds: Server;
  let stage: Stage;
  beforeAll(async () => {
    [s3, stage] = await Promise.all([s3Server(), makeStage(dash)]);
    imds = metadata(s3);
    await new Promise<void>((resolve) => imds.listen(0, "127.0.0.1", resolve));
  });
  afterAll(async () => {
    imds?.close();
    await stage?.close();
    await s3?.stop();
  });

  test("it boots, follows the next pointer, and its state is in the key's name", async () => {
    const { bucket, endpoint, credentials } = s3;
    const store = s3Store({ bucket, prefix: "production", endpoint, credentials });
    const put = async (release: string) => {
      const live = stage.parcel(release, (key, bytes) => void parcels.push([key, Buffer.from(bytes)]));
      for (const [key, bytes] of parcels.splice(0)) await store.put(key, bytes, { overwrite: false });
      const change = () => pointerOf(stage.url, { serial: 0, live, health: undefined });
      expect(await publishPointer(store, stage.signer, change, 41)).toMatchObject({ kind: "published" });
    };
    const parcels: [string, Uint8Array][] = [];
    const pem = String((await stage.signer.publicKey()).export({ format: "pem", type: "spki" }));
    const address = `http://127.0.0.1:${(imds.address() as AddressInfo).port}`;
    const place = { store: `${endpoint}/${bucket}/production`, roleRegion: s3.region, imds: address };
    const named = { app: "shop", environment: "production", floor: 40, host: "i-9" };
    const machine = makeMachine(dash, { ...named, ...place }, pem);
    try {
      await put(A);
      expect((await machine.pass()).said).toBe(`live ${A} 41`);
      await put(B);
      expect((await machine.pass()).said).toBe(`live ${B} 42`);
      const told: string[] = [];
      for await (const { key } of store.list("status/")) told.push(key);
      expect(told).toEqual(["status/41/live/i-9", "status/42/live/i-9"]);
      machine.install({ ...place, imds: "http://127.0.0.1:9" });
      expect((await machine.pass()).said).toMatch(/^stale /);
      expect(machine.live()).toBe(B);
    } finally {
      machine.remove();
      store.close();
    }
  });
});
