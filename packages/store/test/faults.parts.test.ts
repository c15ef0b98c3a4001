import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  codeOf,
  keysOf,
  needs,
  putText,
  readBytes,
  type S3Server,
  s3Server,
  sha256,
  streamOf,
  type TcpProxy,
  tcpProxy,
  withFile,
} from "@deploy/testkit";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { type S3Tuning, s3Store } from "../src/index.ts";
import { type Front, front, refusal } from "./front.ts";

const mebibyte = 1 << 20;
const quick = { pause: 5, attempts: 4, part: 5 * mebibyte };

needs("versitygw")("s3Store against a real server that is in trouble", () => {
  let server: S3Server;
  let proxy: TcpProxy;
  let before: Front;
  let prefixes = 0;
  beforeAll(async () => {
    server = await s3Server();
  });
  beforeEach(async () => {
    proxy = await tcpProxy({ to: { host: "127.0.0.1", port: server.port } });
    before = await front(server.port);
    prefixes += 1;
  });
  afterEach(async () => {
    await proxy.close();
    await before.close();
  });
  afterAll(() => server?.stop());

  const open = (endpoint: string, tuning: Partial<S3Tuning> = {}) => {
    const { bucket, credentials } = server;
    return s3Store({ bucket, prefix: `faults/${prefixes}`, endpoint, credentials }, { ...quick, ...tuning });
  };
  const proxied = () => `http://127.0.0.1:${proxy.port}`;

  test("a connection reset under an upload: the same bytes are sent again", async () => {
    await withFile(20 * mebibyte, async (file, bytes) => {
      let cuts = 0;
      proxy.cutWhen(({ toServer }) => toServer > 7 * mebibyte && cuts++ === 0);
      const store = open(proxied());
      const put = await store.put("large", { file, size: bytes.length }, { overwrite: false });
      expect([put.kind, proxy.cuts(), sha256(await readBytes(store, "large"))]).toEqual([
        "written",
        1,
        sha256(bytes),
      ]);
    });
  });

  test("a stall is given up; once it is over the upload goes on", async () => {
    const store = open(proxied(), { silence: 1000, attempts: 30 });
    proxy.stall();
    const put = putText(store, "stalled", "x".repeat(100_000));
    while (proxy.connections() < 2) await new Promise((tick) => setTimeout(tick, 20));
    proxy.resume();
    expect((await put).kind).toBe("written");
    proxy.stall();
    const hopeless = open(proxied(), { attempts: 2, silence: 300 });
    expect(await codeOf(putText(hopeless, "hopeless", "x"))).toBe("store-failed");
  });

  test("throttling and errors in every step of an upload in parts", async () => {
    const often = new Map<string, number>();
    before.use(({ method, query }) => {
      const step = `${method} ${query.get("partNumber")} ${query.has("uploads")}`;
      const count = (often.get(step) ?? 0) + 1;
      often.set(step, count);
      return [refusal(503, "SlowDown"), { status: 500 }][count - 1];
    });
    const store = open(before.endpoint);
    const chunks = Array.from({ length: 12 }, (_, index) => Buffer.alloc(mebibyte, index));
    const put = await store.putStream("throttled", streamOf(chunks), { overwrite: false });
    expect(put).toEqual({ kind: "written", size: 12 * mebibyte, sha256: sha256(Buffer.concat(chunks)) });
    expect([...often.values()].every((count) => count === 3)).toBe(true);
    before.use(() => undefined);
    expect(sha256(await readBytes(store, "throttled"))).toBe(sha256(Buffer.concat(chunks)));
  });

  test.each([
    ["a whole body", 1000, 500, "PUT body"],
    ["a part", 12 * mebibyte, 4 * mebibyte, "PUT body?partNumber=2"],
  ])("a byte of %s that flips on the way is noticed, and the body sent again", async (_, size, at, line) => {
    const body = Buffer.alloc(size, "a");
    const name = (index: number) => before.lines()[index]?.replace(/faults\/\d+\//, "");
    let flips = 0;
    before.use((__, index) => (name(index) === line && flips++ === 0 ? { flip: at } : undefined));
    const store = open(before.endpoint);
    const put = await store.putStream("body", streamOf([body]), { overwrite: false });
    expect([put.kind, flips > 0, sha256(await readBytes(store, "body"))]).toEqual([
      "written",
      true,
      sha256(body),
    ]);
  });

  test("parts grow, so that a stream of any length fits", async () => {
    const sizes = () =>
      before.seen.filter(({ query }) => query.has("partNumber")).map(({ body }) => body.length / mebibyte);
    before.use(() => undefined);
    const store = open(before.endpoint, { doubleEvery: 1 });
    const chunks = Array.from({ length: 36 }, (_, index) => Buffer.alloc(mebibyte, index));
    const put = await store.putStream("grows", streamOf(chunks), { overwrite: false });
    expect([put.kind, sizes().sort((one, other) => one - other)]).toEqual(["written", [1, 5, 10, 20]]);
    expect(sha256(await readBytes(store, "grows"))).toBe(sha256(Buffer.concat(chunks)));
  });

  test("a body that ends early is taken up where it broke, and one that never gets on is an error", async () => {
    const body = Buffer.alloc(3 * mebibyte, "0123456789");
    await open(server.endpoint).put("cut", body, { overwrite: false });
    const store = open(before.endpoint);
    before.use((_, index) => (index < 2 ? { cut: mebibyte } : undefined));
    expect((await readBytes(store, "cut")).equals(body)).toBe(true);
    const ranges = before.seen.map(({ headers }) => headers.range);
    expect([
      ranges.length,
      ranges[0],
      ranges.every((range) => range === undefined || range.endsWith("-3145727")),
    ]).toEqual([3, undefined, true]);
    before.use(() => ({ cut: 10 }));
    expect(await codeOf(readBytes(store, "cut"))).toBe("object-short");
    before.use(() => ({ damage: 5 }));
    expect(await codeOf(readBytes(store, "cut"))).toBe("object-damaged");
  });

  test("a body that only drips is given up", async () => {
    await putText(open(server.endpoint), "drip", "x".repeat(100_000));
    before.use(() => ({ drip: 20_000 }));
    expect(await codeOf(readBytes(open(before.endpoint, { silence: 300, attempts: 2 }), "drip"))).toBe(
      "object-short",
    );
  });

  test("credentials that expire in the middle are renewed", async () => {
    before.use((_, index) => (index === 2 ? refusal(400, "ExpiredToken") : undefined));
    const chunks = Array.from({ length: 11 }, () => Buffer.alloc(mebibyte, "z"));
    expect(
      (await open(before.endpoint).putStream("renewed", streamOf(chunks), { overwrite: false })).kind,
    ).toBe("written");
  });

  test("wrong keys, and a bucket that is not there", async () => {
    const { bucket, endpoint, credentials } = server;
    const wrong = async () => ({ ...(await credentials()), secretAccessKey: "wrong" });
    const stores = [
      s3Store({ bucket, prefix: "", endpoint, credentials: wrong }, quick),
      s3Store({ bucket: "no-such-bucket", prefix: "", endpoint, credentials }, quick),
    ];
    expect(await Promise.all(stores.map((store) => codeOf(putText(store, "a", "x"))))).toEqual([
      "store-credentials",
      "bucket-missing",
    ]);
  });

  test("a listing of 2,500 objects is paged right", async () => {
    const names = Array.from({ length: 2500 }, (_, index) => `${String(index).padStart(4, "0")}.js`);
    const folder = join(server.folder, server.bucket, `faults/${prefixes}/many`);
    mkdirSync(folder, { recursive: true });
    for (const name of names) writeFileSync(join(folder, name), name);
    before.use(() => undefined);
    expect(await keysOf(open(before.endpoint), "many/")).toEqual(names.map((name) => `many/${name}`));
    expect(before.lines().map((line) => line.split("?")[1])).toEqual(["list-type", "list-type", "list-type"]);
  });

  test("a server that dies in the middle: a clear error that names the upload", async () => {
    const mortal = await s3Server();
    try {
      const { bucket, endpoint, credentials } = mortal;
      const store = s3Store({ bucket, prefix: "", endpoint, credentials }, quick);
      const body = async function* () {
        for (let index = 0; index < 40; index++) {
          if (index === 12) process.kill(mortal.pid, "SIGKILL");
          yield Buffer.alloc(mebibyte);
        }
      };
      const error = await store
        .putStream("dump", body(), { overwrite: false })
        .catch((thrown: Error) => thrown);
      expect((error as Error).message).toMatch(
        /^s3:PutObject failed after 4 tries: .*\. The parts of the upload [\w-]+ of s3:\/\/testkit-bucket\/dump stayed behind: s3:AbortMultipartUpload failed after 3 tries: /,
      );
    } finally {
      await mortal.stop();
    }
  });
});
