import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { githubContext, readHandOver, saveHandOver } from "../src/index.ts";
import { fakeRunner } from "./fakeRunner.ts";

function where(attempt = "1") {
  const github = githubContext({ GITHUB_REPOSITORY: "a/b", GITHUB_RUN_ID: "1", GITHUB_RUN_ATTEMPT: attempt });
  return { temporary: fakeRunner().env.RUNNER_TEMP ?? "", github };
}

test("a later step reads what earlier ones left; each lays its part over the rest", async () => {
  const job = where();
  expect(await readHandOver(job, "production")).toBeUndefined();
  await saveHandOver(job, "production", { artifactDirectory: "/t/x" });
  await saveHandOver(job, "production", { release: "r1", lockHeld: true });
  expect(await readHandOver(job, "production")).toEqual({
    schema: 1,
    run: "a/b/1/1",
    release: "r1",
    planDigest: "",
    owner: "",
    lockHeld: true,
    dryRun: false,
    artifactDirectory: "/t/x",
  });
  expect(await readHandOver(job, "staging")).toBeUndefined();
  const files = readdirSync(job.temporary);
  expect(files).toEqual(["deploy-job-production.json"]);
  expect(statSync(join(job.temporary, files[0] ?? "")).mode & 0o777).toBe(0o600);
});

test("what another attempt left is not believed, and no name leaves the folder", async () => {
  const job = where();
  await saveHandOver(job, "../../etc/x", { release: "r1" });
  expect(readdirSync(job.temporary)).toEqual([expect.stringMatching(/^deploy-job-[0-9a-f]{16}\.json$/)]);
  expect((await readHandOver(job, "../../etc/x"))?.release).toBe("r1");
  expect(await readHandOver({ ...job, github: where("2").github }, "../../etc/x")).toBeUndefined();
});
