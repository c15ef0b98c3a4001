import { readFileSync } from "node:fs";
import { join } from "node:path";
import { needs } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { renderSelf } from "../../scripts/render/self.ts";
import { calledWorkflows } from "../../scripts/render/workflows.ts";
import { openSite, type Site } from "./site.ts";

const explicit = { repository: "org/deploy", ref: "v1", self: "explicit" } as const;
const waiting = "./.github/workflows/waiting.yml";

/** As long as nobody has approved, GitHub begins the gated job in none of the ways that act could show. */
const unapproved = (ours: string): string =>
  ours.replace(/( {4}name: Deploy\n[\s\S]*?\n {4}if: )".*"/, '$1"false"');

needs(
  "act",
  "sshd",
  "ip",
  "curl",
)("hosts that are prepared before the approval", () => {
  let site: Site;
  const everywhere = <T>(value: T) => Array(3).fill(value);
  const read = (...path: string[]) =>
    site.fleet.hosts.map((host) => readFileSync(join(host.root, "shop", ...path), "utf8"));

  beforeAll(async () => {
    site = await openSite("node-app");
    const { caller } = site;
    const config = caller.read(".github/deploy.yml");
    const told = 'echo "$DEPLOY_RELEASE" >>"$DEPLOY_SHARED_PATH/log/prepared"';
    caller.write(".github/deploy.yml", config.replace("node --check src/server.mjs", told));
    const calling = caller.read(".github/workflows/deploy.yml");
    const asking = calling.replace("environment:", "prepare: before-approval, environment:");
    caller.write(".github/workflows/deploy.yml", asking);
    caller.write(".github/workflows/asking.yml", asking.replace(/(uses: ).*/, `$1${waiting}`));
    caller.write(waiting, unapproved(renderSelf(calledWorkflows().get("deploy.yml") ?? "", explicit)));
    caller.commit();
  });
  afterAll(() => site?.close());

  test("have all of the release while nobody serves it, and the lock is free", async () => {
    const run = await site.run("asking.yml");
    expect({ code: run.code, log: run.code === 0 ? "" : run.log }).toEqual({ code: 0, log: "" });
    const release = run.outputs.plan?.release ?? "";
    expect([run.jobs.prepare, run.outputs.upload?.result]).toEqual(["success", "prepared"]);
    expect(run.jobs.deploy).not.toBe("success");
    expect([site.live(), site.migrations()]).toEqual([everywhere(undefined), everywhere([])]);
    expect(read("releases", release, "src/server.mjs")).toHaveLength(3);
    expect(read("shared/log/prepared")).toEqual(everywhere(`${release}\n`));
    const lock = readFileSync(join(site.fleet.hosts[0]?.root ?? "", "shop/.deploy/lock/state"), "utf8");
    expect(lock).toMatch(/^1 \d+ 0 - /);
  });

  test("are prepared once: a run of the same commit, and what is approved, go on with what lies there", async () => {
    const prepared = read("shared/log/prepared");
    const run = await site.run("deploy.yml");
    expect({ code: run.code, log: run.code === 0 ? "" : run.log }).toEqual({ code: 0, log: "" });
    const release = run.outputs.plan?.release ?? "";
    expect(run.jobs).toEqual({ pack: "success", plan: "success", prepare: "success", deploy: "success" });
    expect(await site.answers()).toEqual(everywhere(release));
    expect(site.migrations()).toEqual([[release], [], []]);
    expect(read("shared/log/prepared")).toEqual(prepared);
  });
});
