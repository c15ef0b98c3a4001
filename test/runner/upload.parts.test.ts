import { readdirSync } from "node:fs";
import { join } from "node:path";
import { needs, type S3Server, s3Server } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Job, openJob } from "./job.ts";
import { findLeaks, withoutMasks } from "./leaks.ts";

needs(
  "versitygw",
  "curl",
  "rsync",
)("the action upload, by each method", () => {
  let [job, s3] = [] as unknown as [Job, S3Server];
  let number = 0;
  beforeAll(async () => {
    [job, s3] = await Promise.all([openJob(), s3Server()]);
    const { endpoint, region } = s3;
    const upload = { store: `s3://${s3.bucket}/shop`, endpoint, region, method: "auto" };
    job.write({ ".github/deploy.yml": JSON.stringify({ app: "shop", upload }) });
  });
  afterAll(async () => {
    await Promise.all([job?.close(), s3?.stop()]);
  });

  const parcels = () =>
    readdirSync(join(s3.folder, s3.bucket), { recursive: true, encoding: "utf8" }).filter((path) =>
      /\.tar(\.\w+)?$/.test(path),
    );
  const keys = () => ({ "aws-access-key-id": s3.accessKey, "aws-secret-access-key": s3.secretKey });

  test.each([
    ["auto", "artifact"],
    ["pull", "pull"],
    ["rsync", "rsync"],
    ["artifact", "artifact"],
  ])("%s: by %s, live everywhere, no secret told", async (method, used) => {
    job.write({ "site/index.html": `${method}\n`, "site/same.txt": "same\n".repeat(1000) });
    const commit = { env: { GITHUB_SHA: String(++number).repeat(40) } };
    const chosen = { "upload-method": method };
    const uploaded = await job.step("upload", { ...chosen, ...keys() }, commit);
    expect([uploaded.annotations, uploaded.outputs.result]).toEqual([[], "prepared"]);
    expect(uploaded.summary).toMatch(new RegExp(`\\| ${used} \\|`));
    const activated = await job.step("activate", chosen, commit);
    const post = await job.post("upload", uploaded, chosen);
    expect([activated.outputs.result, post.code, parcels()]).toEqual(["deployed", 0, []]);
    const release = uploaded.outputs.release ?? "";
    expect([job.fleet.live(), await job.fleet.served()]).toEqual([
      Array(3).fill(release),
      Array(3).fill(release),
    ]);
    const places = {
      log: withoutMasks(uploaded.raw),
      summary: uploaded.summary,
      outputs: JSON.stringify(uploaded.outputs),
    };
    expect(findLeaks({ secret: s3.secretKey, signature: "X-Amz-Signature" }, places)).toEqual([]);
  });

  test("pull without a store: refused at its line before anything is touched", async () => {
    job.write({ ".github/deploy.yml": "app: shop\nupload: pull\n" });
    const before = job.fleet.trees();
    const ran = await job.step("upload", keys());
    expect([ran.code, ran.outputs.result, job.fleet.trees()]).toEqual([1, "failed", before]);
    expect(ran.annotations.map(({ properties: { file, line } }) => [file, line])).toEqual([
      [".github/deploy.yml", "2"],
    ]);
  });
});
