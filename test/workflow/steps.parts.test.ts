import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type FleetHost, needs } from "@deploy/testkit";
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

  test("deploy-step.yml: the action at the root does all of it, and builds nothing beside the key", async () => {
    site.caller.write("src/greeting.txt", "in one step");
    const workflow = site.caller.read(".github/workflows/deploy-step.yml");
    const packing = workflow.replace(/^ +packed: \$.*needs.*\n/m, "").replace(/^ +sparse-checkout.*\n/gm, "");
    site.caller.write(".github/workflows/packing.yml", packing);
    site.caller.commit();
    const before = site.trees();
    const refused = await site.run("packing.yml", { event: "workflow_dispatch" });
    expect([refused.code, refused.log]).toEqual([1, expect.stringContaining("build-credentials")]);
    expect(site.trees()).toEqual(before);
    const run = await site.run("deploy-step.yml", { event: "workflow_dispatch" });
    expect({ code: run.code, log: run.code === 0 ? "" : run.log }).toEqual({ code: 0, log: "" });
    const release = run.outputs.deploy?.release ?? "";
    expect([run.outputs.deploy?.result, await site.answers()]).toEqual(["deployed", Array(3).fill(release)]);
    expect(site.migrations()[0]?.at(-1)).toBe(release);
  });

  test("with a pool each of them leaves, is proved and returns before the next one leaves", async () => {
    const config = site.caller.read(".github/deploy.yml");
    site.caller.write(".github/deploy.yml", config.replace("activate:\n", `activate:\n${inTurn}`));
    site.caller.write("src/greeting.txt", "second");
    site.caller.write(".github/workflows/dry-rollback.yml", dryRollback);
    site.caller.commit();
    const run = await site.run("deploy-steps.yml", { event: "workflow_dispatch" });
    expect({ code: run.code, log: run.code === 0 ? "" : run.log }).toEqual({ code: 0, log: "" });
    const told = site.fleet.hosts.map((host) => journalOf(host));
    expect(told.map((lines) => lines.slice(-5).map(({ step }) => step))).toEqual(
      Array(3).fill(["drain", "activate", "reload", "return", "finish"]),
    );
    const away = told.map((lines) => lines.slice(-5, -1).map(({ time }) => time)).sort();
    expect(away.flat()).toEqual([...away.flat()].sort());
    const shop = (host: FleetHost, path: string) => existsSync(join(host.root, "shop", path));
    const left = (path: string) => site.fleet.hosts.some((host) => shop(host, path));
    expect(["shared/drain", ".deploy/drained"].filter(left)).toEqual([]);
  });

  test("a dry run over a live fleet, and one of a rollback, write nothing", async () => {
    const trees = site.trees();
    for (const workflow of ["dry.yml", "dry-rollback.yml"]) {
      const run = await site.run(workflow, { event: "workflow_dispatch" });
      expect({ code: run.code, log: run.code === 0 ? "" : run.log }).toEqual({ code: 0, log: "" });
    }
    expect(site.trees()).toEqual(trees);
  });
});

const inTurn = `  strategy: rolling
  pool: { kind: file, path: drain, settle: 100ms }
`;

function journalOf({ root }: FleetHost): readonly { readonly step: string; readonly time: string }[] {
  const lines = readFileSync(join(root, "shop/.deploy/journal.jsonl"), "utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line));
}

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
