import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { artifactName, downloadFiles, Log, uploadFiles } from "@deploy/action-kit";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { fakeRunner } from "../../packages/action-kit/test/fakeRunner.ts";
import { type ArtifactService, artifactService } from "../workflow/artifacts.ts";

let folder: string;
let service: ArtifactService;
const before = process.env;
const log = new Log(fakeRunner());

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "artifacts-"));
  service = await artifactService();
  process.env = { ...before, ...service.env };
});

afterEach(async () => {
  process.env = before;
  await service.close();
  rmSync(folder, { recursive: true });
});

test("apps of one run lie side by side, for as long as told; by id or name only what was uploaded comes back", async () => {
  const ids: string[] = [];
  for (const [app, days] of [
    ["shop", 30],
    ["blog", 7],
  ] as const) {
    writeFileSync(join(folder, "plan.json"), app);
    const name = artifactName("plan", { app, environment: "production" });
    ids.push((await uploadFiles(name, folder, days, log)).id);
  }
  const [blog = "", shop = ""] = service.names();
  expect([blog, shop]).toEqual(["deploy-plan-blog-production", "deploy-plan-shop-production"]);
  expect([service.days(shop), service.days(blog)]).toEqual([30, 7]);
  const came = async (named: string) => {
    const to = mkdtempSync(join(folder, "to-"));
    await downloadFiles(named, to, log);
    return readFileSync(join(to, "plan.json"), "utf8");
  };
  const [first = "", second = ""] = ids;
  expect([await came(first), await came(second), await came(blog)]).toEqual(["shop", "blog", "blog"]);

  service.spoil(shop);
  for (const [named, message] of [
    [first, "its digest is not the one it was uploaded with"],
    [shop, "its digest is not the one it was uploaded with"],
    ["99", "this run has none with that id"],
  ] as const) {
    const problem = { code: "artifact-transfer", message: expect.stringContaining(message) };
    await expect(came(named)).rejects.toMatchObject({ problem });
  }
});
