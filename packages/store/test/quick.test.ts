import { putText, sha256 } from "@deploy/testkit";
import { describe, expect, test } from "@jest/globals";
import { QuickPuts } from "../src/s3/quick.ts";
import { type Fault, refusal, type Seen } from "./front.ts";
import { denied, fine, hasty, scripted } from "./scripted.ts";

const s3 = scripted();

/** The SDK names its puts in the query; ours have none. */
const ways = () => s3.server.seen.map(({ query }) => (query.has("x-id") ? "sdk" : "quick"));
const options = {
  contentType: "text/css",
  cacheControl: "immutable",
  contentEncoding: "gzip",
  metadata: { "Made-By": "Zoë" },
};

describe("small puts after the first", () => {
  test("go past the SDK, and say the same", async () => {
    s3.server.use(() => fine);
    const store = s3.open();
    const put = () => putText(store, "a b/ü+%'.css", "body{}", options);
    const written = { kind: "written", size: 6, sha256: sha256("body{}") };
    expect([await put(), await put()]).toEqual([written, written]);
    const told = s3.server.seen.map(({ method, path, body, headers }) => {
      const names = Object.keys(headers).filter((name) =>
        /^(content-|cache-|if-|x-amz-(ch|co|meta))/.test(name),
      );
      const kept = Object.fromEntries(names.sort().map((name) => [name, headers[name]]));
      return { method, path, body: body.toString(), ...kept, "x-amz-meta-put-id": "" };
    });
    expect([ways(), told[1]]).toEqual([["sdk", "quick"], told[0]]);
  });

  test.each<[string, Fault]>([
    ["throttling is waited for", refusal(503, "SlowDown")],
    ["a reset is repeated", "reset"],
    ["silence is given up", "hang"],
    ["any other answer is asked for again", refusal(400, "Odd")],
  ])("%s, through the SDK", async (_, fault) => {
    s3.server.use((__, index) => (index === 1 ? fault : fine));
    const store = s3.open({}, fault === "hang" ? hasty : {});
    const kinds = [(await putText(store, "a", "x")).kind, (await putText(store, "b", "x")).kind];
    expect([kinds, ways()]).toEqual([
      ["written", "written"],
      ["sdk", "quick", "sdk"],
    ]);
  });

  test("a refusal is told in the SDK's words", async () => {
    const store = s3.open();
    const fault = (_: Seen, index: number) => (index === 0 ? fine : denied("AccessDenied"));
    const { problem } = await s3.failing(fault, async () => {
      await putText(store, "a", "x");
      await putText(store, "b", "x");
    });
    expect([problem?.code, problem?.message]).toEqual([
      "store-denied",
      "The credentials may not s3:PutObject on arn:aws:s3:::cdn-bucket/shop/b: AccessDenied (told by the test)",
    ]);
  });

  test("what lies there is found", async () => {
    const there: Fault = { status: 200, headers: { "content-length": "5" } };
    const later = ({ method }: Seen) => (method === "HEAD" ? there : refusal(412, "PreconditionFailed"));
    s3.server.use((seen, index) => (index === 0 ? fine : later(seen)));
    const store = s3.open();
    await putText(store, "a", "x");
    expect([(await putText(store, "b", "x")).kind, ways()[1]]).toEqual(["present", "quick"]);
  });
});

describe("where to send it", () => {
  const learned = async (hostname: string, path: string) => {
    const paths: string[] = [];
    const sign = async <T extends { path: string }>(request: T): Promise<T> => {
      paths.push(request.path);
      throw new Error("signed");
    };
    const agents = {} as ConstructorParameters<typeof QuickPuts>[0]["agents"];
    const quick = new QuickPuts({ bucket: "cdn", sign, now: () => new Date(), agents, silence: 1 });
    quick.learn({ protocol: "https:", method: "PUT", hostname, path, headers: {} }, "us-east-1");
    const input = { Bucket: "cdn", Key: "cdn/a b" };
    await quick.put(input, Buffer.alloc(0), { requestTimeout: 1 }).catch(() => {});
    return paths[0];
  };

  test.each([
    ["the path names the bucket", "s3.example.com", "/cdn/x", "/cdn/cdn/a%20b"],
    ["the host names the bucket", "cdn.s3.example.com", "/x", "/cdn/a%20b"],
    ["both might", "cdn.s3.example.com", "/cdn/x", undefined],
    ["neither does", "gateway.example.com", "/s3/cdn/x", undefined],
  ])("%s", async (_, hostname, path, expected) => {
    expect(await learned(hostname, path)).toBe(expected);
  });
});
