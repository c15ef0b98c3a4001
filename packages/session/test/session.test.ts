import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Plan } from "@deploy/core";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { loadConfig, readConfigText } from "../src/index.ts";
import { verifyPlan } from "../src/verify.ts";

const text =
  "app: shop\ndeploy-to: /srv/shop\nsource: build\nenvironments:\n  production:\n    hosts: [deploy@web1]\n";
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "session-"));
});
afterEach(() => rmSync(root, { recursive: true }));

describe("loadConfig", () => {
  const overrides = { hosts: "deploy@web9", deployTo: "/srv/other" };

  test("a missing file is fine where the inputs suffice, an error where it was named", async () => {
    const options = { configFile: ".github/deploy.yml", root, overrides };
    const { app, hosts } = await loadConfig(options);
    expect([app, hosts.map(({ name }) => name)]).toEqual(["other", ["web9"]]);
    await expect(loadConfig({ ...options, configRequired: true })).rejects.toMatchObject({
      problem: { code: "config-missing", place: { file: ".github/deploy.yml" } },
    });
  });

  test("inputs win over the file; the given text wins over the disk", async () => {
    mkdirSync(join(root, ".github"));
    writeFileSync(join(root, ".github/deploy.yml"), text);
    const options = { configFile: ".github/deploy.yml", root, overrides: { hosts: "deploy@web9" } };
    const fromDisk = await loadConfig(options);
    expect([fromDisk.app, fromDisk.deployTo, fromDisk.hosts.map(({ name }) => name)]).toEqual([
      "shop",
      "/srv/shop",
      ["web9"],
    ]);
    expect((await loadConfig({ ...options, configText: text.replace("shop", "shop2") })).app).toBe("shop2");
    expect(await readConfigText(options)).toBe(text);
  });
});

describe("verifyPlan", () => {
  const plan = {
    digest: "abc",
    kind: "deploy",
    hosts: [],
    stages: [],
    shared: {},
    changed: true,
  } as unknown as Plan;

  test("an equal plan or digest passes in silence", () => {
    expect(verifyPlan("abc", plan)).toBeUndefined();
    expect(verifyPlan(plan, plan)).toBeUndefined();
  });

  test("a difference is refused and named", () => {
    expect(() => verifyPlan("abd", plan)).toThrow(
      "This is not the plan that was approved: the digest is abc, approved was abd",
    );
    expect(() => verifyPlan({ ...plan, release: "r1" }, { ...plan, release: "r2" })).toThrow(
      "release changed from r1 to r2",
    );
  });
});
