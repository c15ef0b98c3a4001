import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Fleet, type Job, openFleet } from "./job.ts";
import { moveOf } from "./steps.ts";

let fleet: Fleet;
let job: Job;
beforeAll(async () => {
  fleet = await openFleet();
  job = fleet.job(2);
  await job.deploy();
});
afterAll(() => fleet.close());

/** The hosts' journals say that the release went live long ago: changes of this second are later. */
function longAgo(): void {
  for (const base of job.bases) {
    const file = join(base, ".deploy/journal.jsonl");
    writeFileSync(file, readFileSync(file, "utf8").replaceAll(/(?<="time":")[^"]+/g, "2020-01-01T00:00:00Z"));
  }
}

test("changed-by-hand: named with host and file, on page and lines; deployed with force it is well again", async () => {
  longAgo();
  expect((await job.works("doctor", { "verify-files": "true" })).outputs.drift).toContain('"drifted":[]');
  appendFileSync(join(job.bases[1] ?? "", "current/page"), "by hand\n");
  const ran = await job.step("doctor", { "verify-files": "true" });
  expect([ran.exitCode, ran.outputs.result]).toEqual([1, "stop"]);
  expect(ran.errors.map(({ code, text }) => `${code}: ${text}`)).toEqual([
    expect.stringMatching(/^changed-by-hand: .*page was changed at .* UTC, it belongs to /),
  ]);
  expect(ran.summary).toMatch(/^### shop on production: files were changed by hand/);
  expect(ran.summary).toMatch(/^- \S+: page was changed at /m);
  expect((await job.step("doctor")).exitCode).toBe(0);
  expect(moveOf(ran, "changed-by-hand")).toMatch(/deploy with `force: true`/);
  job.next();
  await job.works("deploy", { force: "true" });
  longAgo();
  await job.works("doctor", { "verify-files": "true" });
});
