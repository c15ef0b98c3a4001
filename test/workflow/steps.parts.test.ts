import { needs } from "@deploy/testkit";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { openSite, type Site } from "./site.ts";

jest.setTimeout(240_000);

needs(
  "act",
  "sshd",
  "ip",
  "curl",
)("actions as steps of one job", () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite("node-app");
  });
  afterAll(() => site?.close());

  test("a dry run of each writes nothing on any server", async () => {
    site.caller.write(
      ".github/workflows/dry.yml",
      dryRuns(site.caller.read(".github/workflows/deploy-steps.yml")),
    );
    site.caller.commit();
    const trees = site.trees();
    const run = await site.run("dry.yml", { event: "workflow_dispatch" });
    expect({ code: run.code, log: run.code === 0 ? "" : run.log }).toEqual({ code: 0, log: "" });
    expect(site.trees()).toEqual(trees);
  });

  test("deploy-steps.yml deploys all three", async () => {
    const run = await site.run("deploy-steps.yml", { event: "workflow_dispatch" });
    expect({ code: run.code, log: run.code === 0 ? "" : run.log }).toEqual({ code: 0, log: "" });
    const [live] = site.live();
    expect(site.live()).toEqual(Array(3).fill(live));
    const release = live?.replace("releases/", "") ?? "";
    expect(await site.answers()).toEqual(Array(3).fill(release));
    expect(site.migrations()).toEqual([[release], [], []]);
  });

  test("a dry run over a live fleet, rollback too, writes nothing", async () => {
    const trees = site.trees();
    const run = await site.run("dry.yml", { event: "workflow_dispatch" });
    expect({ code: run.code, log: run.code === 0 ? "" : run.log }).toEqual({ code: 0, log: "" });
    expect(site.trees()).toEqual(trees);
  });
});

/** The example's steps, each with `dry-run: true`. */
function dryRuns(text: string): string {
  return text.replaceAll(
    /^( +)environment: production\n(?= +ssh)/gm,
    "$1environment: production\n$1dry-run: true\n",
  );
}
