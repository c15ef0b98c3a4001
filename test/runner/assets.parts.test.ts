import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { hostTree, needs, type S3Server, s3Server } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Job, openJob } from "./job.ts";
import { findLeaks, withoutMasks } from "./leaks.ts";

needs("versitygw")("the action build-assets", () => {
  let [job, s3] = [] as unknown as [Job, S3Server];
  let inputs: Readonly<Record<string, string>>;
  beforeAll(async () => {
    [job, s3] = await Promise.all([openJob(), s3Server()]);
    inputs = {
      ...{ publish: `s3://${s3.bucket}/shop`, endpoint: s3.endpoint, region: s3.region },
      ...{ "aws-access-key-id": s3.accessKey, "aws-secret-access-key": s3.secretKey, cache: "false" },
    };
    job.write({
      "assets/css/app.scss": "$a: red;\nmain { color: $a }\n",
      "assets/js/app.js": "export const one = 1 + 1;\n",
    });
  });
  afterAll(async () => {
    await Promise.all([job?.close(), s3?.stop()]);
  });

  const build = (more: Readonly<Record<string, string>> = {}) =>
    job.step("build-assets", { source: "assets", ...inputs, ...more });
  const everything = () => [job.workspace, join(s3.folder, s3.bucket)].map((folder) => hostTree(folder));
  const published = () => {
    const folder = join(s3.folder, s3.bucket, "shop");
    if (!existsSync(folder)) return [];
    return (readdirSync(folder, { recursive: true }) as string[]).filter((path) => /\.(css|js)$/.test(path));
  };

  test("a dry run writes nothing: neither output nor store", async () => {
    const before = everything();
    const ran = await build({ "dry-run": "true" });
    expect([ran.code, ran.outputs.result, everything()]).toEqual([0, "planned", before]);
  });

  test("a syntax error is an annotation at its place, and nothing is written or published", async () => {
    job.write({ "assets/css/app.scss": "main { color: red;\n  width: ;\n" });
    const before = everything();
    const ran = await build();
    expect([ran.code, ran.outputs.result, everything()]).toEqual([1, "failed", before]);
    expect(ran.annotations.map(({ properties: { title, file, line } }) => ({ title, file, line }))).toEqual([
      { title: "asset-syntax", file: "assets/css/app.scss", line: "2" },
    ]);
    job.write({ "assets/css/app.scss": "$a: red;\nmain { color: $a }\n" });
  });

  test.each([
    [{ sources: "assets" }, "input-unknown", /Did you mean "source"\?/],
    [{ source: "nowhere" }, "assets-missing", /nowhere/],
    [{ "aws-secret-access-key": "wr0ng-secret-key" }, "store-(credentials|denied)", /./],
    [{ "aws-secret-access-key": "" }, "input-missing", /aws-secret-access-key/],
    [{ publish: "ftp://host/x" }, "store-address", /unknown scheme ftp/],
  ])("%j is refused, tells no secret and publishes nothing", async (wrong, title, message) => {
    const store = published();
    const ran = await build(wrong);
    expect([ran.code, ran.annotations, published()]).toEqual([
      1,
      [
        {
          level: "error",
          message: expect.stringMatching(message),
          // An answer without a body, as to HEAD, does not say what is wrong with the key.
          properties: expect.objectContaining({ title: expect.stringMatching(`^${title}$`) }),
        },
      ],
      store,
    ]);
    expect(leaksOf(ran)).toEqual([]);
  });

  test("builds, publishes and says so; again, it sends nothing; no secret is told", async () => {
    const first = await build();
    expect([first.code, first.annotations, first.outputs]).toEqual([
      0,
      [],
      {
        manifest: "public/assets/manifest.json",
        "assets-url": `s3://${s3.bucket}/shop`,
        changed: "true",
        "bytes-uploaded": expect.stringMatching(/^[1-9]\d*$/),
        result: "published",
      },
    ]);
    expect(published().sort()).toEqual([
      expect.stringMatching(/^css\/app-[0-9a-f]{12}\.css$/),
      expect.stringMatching(/^js\/app-[0-9a-f]{12}\.js$/),
    ]);
    const again = await build();
    expect([again.code, again.outputs.changed, again.outputs.result]).toEqual([0, "false", "published"]);
    expect([...leaksOf(first), ...leaksOf(again)]).toEqual([]);
  });

  test("where no assets are configured, a workflow that serves every app goes on", async () => {
    const ran = await job.step("build-assets", { source: "", "if-configured": "true" });
    expect([ran.code, ran.outputs.result, ran.outputs.changed]).toEqual([0, "built", "false"]);
  });

  test("a place that another published to is refused, and taken over by the input that is told", async () => {
    job.write({ ".github/deploy.yml": "app: shop\n" });
    expect((await build({ environment: "production" })).code).toBe(0);
    job.write({ ".github/deploy.yml": "app: blog\n" });
    const refused = await build();
    const [told] = refused.annotations;
    expect([refused.code, told?.properties.title]).toEqual([1, "publish-taken"]);
    const [, name = ""] = /`take-over: (\S+)`/.exec(told?.message ?? "") ?? [];
    const taken = await build({ "take-over": name });
    expect([taken.code, taken.annotations]).toEqual([
      0,
      [
        expect.objectContaining({
          message: expect.stringMatching(/\/shop is taken over from shop\/production$/),
        }),
      ],
    ]);
  });

  function leaksOf({ log, summary, raw, outputs, annotations }: Awaited<ReturnType<typeof build>>) {
    const places = { log, summary, raw: withoutMasks(raw), told: JSON.stringify([outputs, annotations]) };
    return findLeaks({ key: s3.secretKey, wrong: "wr0ng-secret-key" }, places);
  }
});
