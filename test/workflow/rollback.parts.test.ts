import { needs } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openSite, type Site } from "./site.ts";

needs(
  "act",
  "sshd",
  "ip",
  "curl",
)("rollback.yml, started by hand", () => {
  let site: Site;
  const releases: string[] = [];
  beforeAll(async () => {
    site = await openSite("node-app");
    for (const greeting of ["one", "two", "three"]) {
      site.caller.write("src/greeting.txt", greeting);
      site.caller.commit();
      const run = await site.run("deploy.yml");
      if (run.code !== 0) throw new Error(run.log);
      releases.push(run.outputs.plan?.release ?? "");
    }
  });
  afterAll(() => site?.close());

  const rollBack = (to: string) => site.run("rollback.yml", { event: "workflow_dispatch", inputs: { to } });
  const everywhere = (release: string | undefined) => Array(3).fill(`releases/${release}`);

  test("an unknown release is refused, with the list of those that are possible", async () => {
    const trees = site.trees();
    const run = await rollBack("20200101T000000Z-0000000");
    expect(run.code).toBe(1);
    expect(run.jobs.plan).toBe("failure");
    for (const release of releases.slice(0, 2)) expect(run.log).toContain(release);
    expect(site.trees()).toEqual(trees);
  });

  test("without a name it goes to the release before", async () => {
    const run = await rollBack("");
    expect({ code: run.code, log: run.code === 0 ? "" : run.log }).toEqual({ code: 0, log: "" });
    expect(run.outputs.rollback).toMatchObject({ result: "deployed", release: releases[1] });
    expect(site.live()).toEqual(everywhere(releases[1]));
    expect(await site.answers()).toEqual(Array(3).fill(releases[1]));
  });

  test("with a name it goes there", async () => {
    const run = await rollBack(releases[0] ?? "");
    expect({ code: run.code, log: run.code === 0 ? "" : run.log }).toEqual({ code: 0, log: "" });
    expect(site.live()).toEqual(everywhere(releases[0]));
    expect(await site.answers()).toEqual(Array(3).fill(releases[0]));
    expect(site.migrations()[0]).toEqual(releases);
  });

  test("a release that was left behind as bad is refused", async () => {
    const run = await rollBack(releases[2] ?? "");
    expect(run.code).toBe(1);
    expect(site.live()).toEqual(everywhere(releases[0]));
  });
});
