import { needs } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { checkout } from "./act.ts";
import { openSite, type Site } from "./site.ts";

needs(
  "act",
  "sshd",
  "ip",
  "curl",
)("actions as steps of jobs of one's own", () => {
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

  test("a dry run over a live fleet, and one of a rollback, write nothing", async () => {
    site.caller.write("src/greeting.txt", "second");
    site.caller.write(".github/workflows/dry-rollback.yml", dryRollback);
    site.caller.commit();
    expect((await site.run("deploy-steps.yml", { event: "workflow_dispatch" })).code).toBe(0);
    const trees = site.trees();
    for (const workflow of ["dry.yml", "dry-rollback.yml"]) {
      const run = await site.run(workflow, { event: "workflow_dispatch" });
      expect({ code: run.code, log: run.code === 0 ? "" : run.log }).toEqual({ code: 0, log: "" });
    }
    expect(site.trees()).toEqual(trees);
  });
});

const dryRollback = `on: workflow_dispatch
jobs:
  rollback:
    runs-on: ubuntu-latest
    steps:
      - uses: ${checkout}
      - uses: org/deploy/rollback@v1
        with:
          environment: production
          dry-run: true
          ssh-private-key: \${{ secrets.SSH_PRIVATE_KEY }}
          known-hosts: \${{ secrets.SSH_KNOWN_HOSTS }}
`;

/** The example's steps, each with `dry-run: true`. */
function dryRuns(text: string): string {
  return text.replaceAll(
    /^( +)environment: production\n(?= +(?:packed|ssh))/gm,
    "$1environment: production\n$1dry-run: true\n",
  );
}
