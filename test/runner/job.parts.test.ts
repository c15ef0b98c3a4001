import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { type ArtifactService, artifactService } from "../workflow/artifacts.ts";
import { type Job, openJob } from "./job.ts";

let job: Job;
let service: ArtifactService;

beforeEach(async () => {
  [job, service] = await Promise.all([openJob(), artifactService()]);
});

afterEach(async () => {
  await service.close();
  await job.close();
});

const every = <T>(value: T): readonly T[] => [value, value, value];

test("pack, plan, upload, migrate, activate and post deploy; rollback goes back", async () => {
  const { fleet } = job;
  const migrate = { migrate: "echo migrated >>../../migrations; echo done" };
  const packed = await job.step("pack", { build: "echo built >site/built.txt" }, { env: service.env });
  const plan = await job.step("plan", migrate, { env: service.env });
  expect([outcome(packed), outcome(plan), service.names()]).toEqual([
    [0, "prepared"],
    [0, "planned"],
    ["deploy-plan-shop-production", "deploy-release-shop-production"],
  ]);
  const first = plan.outputs.release ?? "";
  const approved = {
    ...migrate,
    packed: "deploy-release-shop-production",
    plan: "deploy-plan-shop-production",
    "plan-digest": plan.outputs["plan-digest"] ?? "",
  };
  const uploaded = await job.step("upload", approved, { env: service.env });
  expect(uploaded.outputs).toEqual({
    release: first,
    "previous-release": "",
    "hosts-ok": JSON.stringify(fleet.names),
    "hosts-failed": "[]",
    "plan-digest": plan.outputs["plan-digest"],
    result: "prepared",
  });
  expect([fleet.lock(), fleet.live(), fleet.releases()]).toEqual([
    "octo/shop/4711",
    every(undefined),
    every([first]),
  ]);

  const migrated = await job.step("migrate", migrate);
  expect([migrated.outputs, read("migrations")]).toEqual([
    expect.objectContaining({
      ran: "true",
      "exit-code": "0",
      log: "done\n",
      release: first,
      result: "prepared",
    }),
    "migrated\n",
  ]);
  expect(migrated.summary).toMatch(/^<details><summary>✅ Prepared: /);
  expect(migrated.summary).toMatch(/what migrate printed on \S+<\/summary>\n\n```text\ndone\n```/);
  const activated = await job.step("activate", migrate);
  expect([outcome(activated), activated.outputs["previous-release"]]).toEqual([[0, "deployed"], ""]);
  expect(activated.summary).toMatch(/^### ✅ Deployed: /);
  expect(activated.summary).toContain(first);
  expect([fleet.live(), await fleet.served(), read("current/built.txt")]).toEqual([
    every(first),
    every(first),
    "built\n",
  ]);
  const post = await job.post("upload", uploaded, migrate);
  expect([post.code, post.annotations, fleet.lock(), fleet.staging()]).toEqual([0, [], "-", every([])]);

  job.rerun("2");
  job.write({ "site/index.html": "two\n" });
  expect(await job.deploy()).toEqual(["prepared", "deployed"]);
  const [second] = fleet.live();
  const back = await job.step("rollback");
  expect([outcome(back), back.outputs, back.summary]).toEqual([
    [0, "deployed"],
    {
      release: first,
      "previous-release": second,
      "hosts-ok": JSON.stringify(fleet.names),
      "hosts-failed": "[]",
      warning: expect.any(String),
      result: "deployed",
    },
    expect.stringMatching(/^### ✅ ROLLED BACK: /),
  ]);
  expect([fleet.live(), await fleet.served(), fleet.lock()]).toEqual([every(first), every(first), "-"]);
});

test("a health check that fails takes every host back and fails the step", async () => {
  const { fleet } = job;
  expect(await job.deploy()).toEqual(["prepared", "deployed"]);
  const [first] = fleet.live();
  job.rerun("2");
  job.write({
    "site/health-status": "500",
    ".github/deploy.yml": JSON.stringify({
      activate: { health: { url: "http://127.0.0.1:8080/up", within: "10s", interval: "100ms" } },
    }),
  });
  const uploaded = await job.step("upload", { app: "shop" });
  const activated = await job.step("activate", { app: "shop" });
  expect([outcome(uploaded), outcome(activated)]).toEqual([
    [0, "prepared"],
    [1, "reverted"],
  ]);
  const post = await job.post("upload", uploaded, { app: "shop" });
  expect([post.code, fleet.live(), await fleet.served(), fleet.lock()]).toEqual([
    0,
    every(first),
    every(first),
    "-",
  ]);
  for (const text of ["/up", "500", ...fleet.names]) expect(activated.summary).toContain(text);
});

function read(path: string): string {
  return readFileSync(join(job.fleet.servers[0]?.root ?? "", "shop", path), "utf8");
}

function outcome({ code, outputs }: { code: number | null; outputs: Readonly<Record<string, string>> }) {
  return [code, outputs.result];
}
