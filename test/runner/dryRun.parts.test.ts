import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { type Job, knownTo, openJob } from "./job.ts";

let job: Job;

beforeEach(async () => {
  job = await openJob();
});

afterEach(() => job.close());

const dry = {
  "dry-run": "true",
  prepare: "echo prepared >prepared.txt",
  migrate: "echo migrated >../../migrations",
  "shared-directories": "uploads",
};

/** The results of a whole job, in order, that only rehearses. */
async function rehearse(actions: readonly string[]): Promise<readonly (string | undefined)[]> {
  const results: (string | undefined)[] = [];
  for (const action of actions) {
    const inputs = knownTo(action, dry);
    const ran = await job.step(action, inputs);
    results.push(`${action} ${ran.code} ${ran.outputs.result}`);
    if (action === "upload") expect((await job.post(action, ran, inputs)).code).toBe(0);
  }
  return results;
}

test("a first deploy that is rehearsed writes nothing on any host", async () => {
  const before = job.fleet.trees();
  expect(await rehearse(["pack", "plan", "upload", "migrate", "activate"])).toEqual([
    "pack 0 planned",
    "plan 0 planned",
    "upload 0 planned",
    "migrate 0 planned",
    "activate 0 planned",
  ]);
  expect(job.fleet.trees()).toEqual(before);
});

test("the next deploy and a rollback that are rehearsed write nothing either", async () => {
  expect(await job.deploy()).toEqual(["prepared", "deployed"]);
  job.rerun("2");
  job.write({ "site/index.html": "two\n" });
  expect(await job.deploy()).toEqual(["prepared", "deployed"]);
  job.rerun("3");
  job.write({ "site/index.html": "three\n" });
  const before = job.fleet.trees();
  const actions = [
    "pack",
    "plan",
    "upload",
    "migrate",
    "activate",
    "rollback",
    "reconcile",
    "unlock",
    "deploy",
  ];
  expect(await rehearse(actions)).toEqual([
    "pack 0 planned",
    "plan 0 planned",
    "upload 0 planned",
    "migrate 0 planned",
    "activate 0 planned",
    "rollback 0 planned",
    "reconcile 0 planned",
    "unlock 0 free",
    "deploy 0 planned",
  ]);
  expect(job.fleet.trees()).toEqual(before);
});

test("a rehearsal says what it would run, host by host", async () => {
  const { log, summary } = await job.step("upload", dry);
  for (const name of job.fleet.names) expect(log).toContain(`${name}: would run: `);
  expect(summary).toContain("echo prepared");
});

test("plan writes nothing, dry run or not", async () => {
  const before = job.fleet.trees();
  const planned = await job.step("plan", { upload: "false" });
  expect([planned.code, planned.outputs.result, job.fleet.trees()]).toEqual([0, "planned", before]);
});
