import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Fleet, type Job, openFleet } from "./job.ts";

let fleet: Fleet;
let job: Job;
beforeAll(async () => {
  fleet = await openFleet();
  job = fleet.job(2);
  job.configure("shared: { files: [.env] }\n");
});
afterAll(() => fleet.close());

test("a server that lacks what a deploy needs: stop, annotated, with a page", async () => {
  const ran = await job.step("doctor");
  expect([ran.exitCode, ran.outputs.result]).toEqual([1, "stop"]);
  expect(ran.errors.map(({ code, text }) => `${code}: ${text}`)).toEqual([
    expect.stringMatching(/^host-unfit: .*shared\/\.env: it is not there/),
    expect.stringMatching(/^host-unfit: .*shared\/\.env: it is not there/),
  ]);
  expect(ran.summary).toMatch(/^### shop on production: 2 things to mend before the next deploy\n/);
});

test("mended, a value of its env file is in no line: it warns, and does not fail", async () => {
  const backup = "backup: { database: files, paths: [uploads], store: s3://backups/shop }\n";
  job.configure(`shared: { files: [.env], directories: [uploads] }\n${backup}`);
  for (const base of job.bases) {
    mkdirSync(`${base}/shared/uploads`, { recursive: true });
    writeFileSync(`${base}/shared/uploads/photo`, "");
    writeFileSync(`${base}/shared/.env`, "APP_DEBUG=true\nTOKEN=hunter2hunter2\n");
    chmodSync(`${base}/shared/.env`, 0o600);
  }
  const ran = await job.step("doctor");
  expect([ran.exitCode, ran.outputs.result]).toEqual([0, "warn"]);
  expect(ran.summary).toContain("shared/.env sets APP\\_DEBUG as for a desk");
  const { remarks = "" } = ran.outputs;
  expect(JSON.parse(remarks)).toContainEqual(
    expect.objectContaining({ level: "warn", about: "debug", fix: expect.stringContaining("APP_DEBUG") }),
  );
  expect(ran.log + ran.summary + remarks).not.toContain("hunter2");
  expect(JSON.parse(remarks)).toContainEqual(
    expect.objectContaining({
      level: "ok",
      about: "database",
      text: expect.stringContaining("can be backed up"),
    }),
  );
  // The same from a desk.
  const desk = await job.desk("deploy doctor --environment production");
  expect([desk.exitCode, desk.out]).toEqual([0, expect.stringContaining("sets APP_DEBUG as for a desk")]);
});
