import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { commandOf, descendantsOf, needs, until } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { renderSelf } from "../../scripts/render/self.ts";
import { calledWorkflows } from "../../scripts/render/workflows.ts";
import type { ActRun } from "./run.ts";
import { openSite, type Site } from "./site.ts";

const explicit = { repository: "org/deploy", ref: "v1", self: "explicit" } as const;

/** The called workflow with a job more, which is told what it came to: act runs no job of the caller behind a failed call. */
function telling(ours: string): string {
  const [, result = ""] = /value: (\$\{\{ jobs\.deploy\.outputs\.result .*\}\})/.exec(ours) ?? [];
  return `${ours}
  told:
    needs: [plan, prepare, deploy]
    if: always()
    runs-on: ubuntu-latest
    steps:
      - id: told
        run: echo "result=${result.replaceAll("jobs.", "needs.")}" >> "$GITHUB_OUTPUT"
`;
}

// Alone, the first test also builds and renders the tree.

needs(
  "act",
  "sshd",
  "ip",
  "curl",
)("the called workflow, Node app on three servers", () => {
  let site: Site;
  let before: ReturnType<Site["shared"]>;
  beforeAll(async () => {
    site = await openSite("node-app", { sick: 1 });
    before = site.shared();
  });
  afterAll(() => site?.close());

  let first: string;

  test("a push deploys all three", async () => {
    const run = await site.run("deploy.yml");
    expect({ code: run.code, log: run.code === 0 ? "" : run.log }).toEqual({ code: 0, log: "" });
    first = run.outputs.plan?.release ?? "";
    expect(run.jobs).toEqual({ pack: "success", plan: "success", deploy: "success" });
    expect(run.outputs.deploy?.result).toBe("deployed");
    expect(run.names.deploy).toMatch(/\bDeploy\s*$/);
    expect(site.live()).toEqual(Array(3).fill(`releases/${first}`));
    expect(await site.answers()).toEqual(Array(3).fill(first));
    expect(site.migrations()).toEqual([[first], [], []]);
    for (const line of keyLines(site)) expect(run.log).not.toContain(line);
  });

  test("uploads and settings are as they were, excluded files never arrived", () => {
    expect(site.shared()).toEqual(before);
    for (const host of site.fleet.hosts) {
      const release = join(host.root, "shop", "releases", first);
      expect({
        app: existsSync(join(release, "src/server.mjs")),
        notes: existsSync(join(release, "src/notes.md")),
        photo: existsSync(join(release, "public/uploads/photo 1.jpg")),
      }).toEqual({ app: true, notes: false, photo: true });
    }
  });

  test("the same commit again changes nothing and says so", async () => {
    const trees = site.trees();
    const run = await site.run("deploy.yml");
    expect({ code: run.code, log: run.code === 0 ? "" : run.log }).toEqual({ code: 0, log: "" });
    expect(run.outputs.plan?.changed).toBe("false");
    expect(run.outputs.plan?.headline).toMatch(/^Nothing to do: /);
    expect(run.jobs.deploy).not.toBe("success");
    expect(site.trees()).toEqual(trees);
    expect(site.migrations()).toEqual([[first], [], []]);
  });

  test("an output that is lost between the jobs fails the deploy by name: nothing is skipped green", async () => {
    const ours = renderSelf(calledWorkflows().get("deploy.yml") ?? "", explicit);
    const caller = site.caller.read(".github/workflows/deploy.yml");
    const to = "./.github/workflows/lost.yml";
    site.caller.write(to, ours.replace(/^( {6}changed: ).*steps\.plan.*$/m, '$1""'));
    site.caller.write(".github/workflows/losing.yml", caller.replace(/(uses: ).*/, `$1${to}`));
    site.caller.commit();
    const trees = site.trees();
    const run = await site.run("losing.yml");
    expect([run.code, run.jobs.plan, run.jobs.deploy]).toEqual([1, "success", "failure"]);
    expect(run.log).toMatch(/hand-over-empty.*Arrived empty from an earlier job: changed \./);
    expect(site.trees()).toEqual(trees);
  });

  test("what ended it early is its result: somebody else holds the lock", async () => {
    const state = join(site.fleet.hosts[0]?.root ?? "", "shop/.deploy/lock/state");
    const free = readFileSync(state, "utf8");
    const [version, token] = free.split(" ");
    const caller = site.caller.read(".github/workflows/deploy.yml");
    const to = "./.github/workflows/telling.yml";
    site.caller.write(to, telling(renderSelf(calledWorkflows().get("deploy.yml") ?? "", explicit)));
    const impatient = caller.replace("environment:", "lock-wait: 0s, environment:");
    site.caller.write(".github/workflows/told.yml", impatient.replace(/(uses: ).*/, `$1${to}`));
    site.caller.write("src/greeting.txt", "late");
    site.caller.commit();
    writeFileSync(state, `${version} ${token} 4102444800 other acme/shop 9 1 - - upload\n`);
    const run = await site.run("told.yml");
    writeFileSync(state, free);
    expect([run.code, run.jobs.deploy, run.outputs.told?.result]).toEqual([1, "failure", "locked"]);
    expect(site.live()).toEqual(Array(3).fill(`releases/${first}`));
  });

  test("a release that is sick on one server goes back on all three", async () => {
    const app = site.caller.read("src/server.mjs");
    const sick = 'if (process.env.SICK) answer.statusCode = 503;\n  if (request.url === "/up")';
    site.caller.write("src/server.mjs", app.replace('if (request.url === "/up")', sick));
    site.caller.commit();

    const run = await site.run("told.yml");

    const second = run.outputs.plan?.release;
    expect(second).not.toBe(first);
    expect({ code: run.code, result: run.outputs.told?.result }).toEqual({ code: 1, result: "reverted" });
    expect(site.live()).toEqual(Array(3).fill(`releases/${first}`));
    expect(await site.answers()).toEqual(Array(3).fill(first));
    const summary = lastSummary(run);
    for (const fact of [site.fleet.hosts[1]?.name, "http://127.0.0.1:8080/up", "503", "hosts serve"]) {
      expect(summary).toContain(fact);
    }
  });

  test("what ended it early is its result: a plan that failed", async () => {
    const run = await site.run("told.yml", { secrets: { SSH_KNOWN_HOSTS: "nonsense" } });
    expect([run.code, run.jobs.plan, run.outputs.plan?.result]).toEqual([1, "failure", "failed"]);
    // act runs nothing behind it that could be told: what the workflow hands on is this job's output.
    expect(run.jobs.deploy).not.toBe("success");
  });

  const log = () => join(site.fleet.hosts[0]?.root ?? "", "shop/shared/log");

  /** The next commit's migration begins, and waits for a file. */
  function waitInMigration(how: string): void {
    const wait = "touch log/began; until [ -e log/go ]; do sleep 0.1; done";
    const config = site.caller.read(".github/deploy.yml");
    site.caller.write(
      ".github/deploy.yml",
      config.replace(/^migrate: .*$/m, `migrate: { run: "${wait}", ${how} }`),
    );
    site.caller.commit();
  }

  // act cannot cancel a run, so its step gets what the runner sends.
  test("what ended it early is its result: cancelled while it migrates", async () => {
    waitInMigration("on-cancel: terminate");
    const running = site.run("told.yml");
    await until("the migration", () => existsSync(join(log(), "began")));
    const isStep = (pid: number) => commandOf(pid).some((word) => word.includes("dist/deploy"));
    const [step = 0] = descendantsOf(process.pid).filter(isStep);
    process.kill(step, "SIGINT");
    const run = await running;
    expect([run.code, run.jobs.deploy, run.outputs.told?.result]).toEqual([1, "failure", "cancelled"]);
    expect(site.live()).toEqual(Array(3).fill(`releases/${first}`));
  });

  test("what ended it early is its result: a migration that goes on needs attention", async () => {
    waitInMigration("timeout: 1s");
    const run = await site.run("told.yml");
    writeFileSync(join(log(), "go"), "");
    expect([run.code, run.jobs.deploy, run.outputs.told?.result]).toEqual([1, "failure", "attention"]);
    expect(site.live()).toEqual(Array(3).fill(`releases/${first}`));
  });
});

needs(
  "act",
  "sshd",
  "ip",
  "curl",
  "php",
)("the called workflow, PHP app on three servers", () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite("php-app");
  });
  afterAll(() => site?.close());

  test("a push deploys all three", async () => {
    const run = await site.run("deploy.yml");
    expect({ code: run.code, log: run.code === 0 ? "" : run.log }).toEqual({ code: 0, log: "" });
    const release = run.outputs.plan?.release ?? "";
    expect(await site.answers()).toEqual(Array(3).fill(release));
    expect(site.migrations()).toEqual([[release], [], []]);
  });
});

function lastSummary(run: ActRun): string {
  // Addresses are written so that GitHub makes no link of them.
  return (run.summaries.at(-1) ?? "").replaceAll("\u200b", "");
}

/** What a log would show of the key, whoever printed it: act itself masks no lines. */
function keyLines(site: Site): readonly string[] {
  return site.fleet.keys.private.split("\n").filter((line) => line !== "" && !line.startsWith("-----"));
}
