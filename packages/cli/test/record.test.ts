import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Plan, Report } from "@deploy/core";
import { expect, test } from "@jest/globals";
import { recordRun, runsFolder } from "../src/ui/record.ts";
import { runWatcher } from "../src/ui/watch.ts";
import { newFolder } from "./folder.ts";

const plan = {
  app: "shop",
  environment: "production",
  kind: "deploy",
  release: "r1",
  stages: [],
} as unknown as Plan;
const report = { result: "deployed", headline: "r1 is live" } as Report;
const ok = { id: "1", step: "upload", status: "ok", detail: "sent", milliseconds: 1 } as const;

test("a run is told to its person alone, without what hosts print; another process reads it as it goes on", () => {
  const env = { HOME: newFolder() };
  const watch = runWatcher(runsFolder(env, plan));
  expect(watch()).toEqual({ run: undefined, alive: false });
  const record = recordRun(plan, env, "ada@desk");
  record.event({ kind: "output", host: "web1", step: "prepare", text: "hunter2" });
  record.event({ kind: "outcome", outcome: { host: "web1", ...ok } });
  expect(watch()).toMatchObject({ run: { by: "ada@desk", outcomes: [{ host: "web1" }] }, alive: true });
  record.end(report);
  expect(watch()).toMatchObject({ run: { end: { headline: "r1 is live" } }, alive: false });
  const folder = runsFolder(env, plan) ?? "";
  const [name = ""] = readdirSync(folder);
  expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(folder, name), "utf8")).not.toContain("hunter2");
});

test("twenty runs are kept, the newest", () => {
  const env = { HOME: newFolder() };
  const folder = runsFolder(env, plan) ?? "";
  for (let n = 10; n < 40; n++) writeFileSync(join(folder, `2020-01-${n}.jsonl`), "");
  recordRun(plan, env, "ada@desk").end(report);
  const left = readdirSync(folder).sort();
  expect([left.length, left[0], left.at(-1)?.startsWith("2020")]).toEqual([20, "2020-01-21.jsonl", false]);
});

test.each([
  ["in a job", { CI: "true", HOME: "/root" }],
  ["in a dry run", undefined],
  ["without a home", {}],
])("%s nobody watches, and nothing fails", (_, env) => {
  const record = recordRun(plan, env, "ada@desk");
  record.event({ kind: "step", step: "upload", hosts: [] });
  record.end(report);
});

test("a folder that others may write to is not used", () => {
  const env = { HOME: newFolder() };
  const folder = join(env.HOME, ".cache/deploy/runs/shop/production");
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o777);
  recordRun(plan, env, "ada@desk").end(report);
  expect(readdirSync(folder)).toEqual([]);
});
