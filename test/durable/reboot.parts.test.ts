import { writeFileSync } from "node:fs";
import { type FleetHost, needs } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { outcomeOf, startRun } from "./seen.ts";
import { migration, openStage, read, type Scene, type Stage } from "./stage.ts";

const describe = needs("sshd", "ip");

const lost = "failed: job-lost: the migration on HOST began and left no exit code";
const signalled = (code: number, signal: number, more = "") =>
  `failed: migration-failed: the migration of ID exited ${code} (signal ${signal}${more})`;

let stage: Stage;
const leader = (): FleetHost => stage.fleet.hosts[0] as FleetHost;

/** Runs it; what it told, without the port of the proxy. */
async function told(scene: Scene, more: Partial<Scene["settings"]> = {}): Promise<string> {
  const [text = ""] = await outcomeOf(startRun({ ...scene.settings, ...more }));
  return text.replaceAll(`${scene.proxy.address}:${scene.proxy.port}`, "HOST");
}

/** Every process of the job, by the id of its group that it recorded. */
function killJob(scene: Scene): Promise<unknown> {
  const [, pid = ""] = read(`${scene.job()}/claim`).split(" ");
  expect(pid).toMatch(/^\d+$/);
  return leader().exec(["kill", "-KILL", "--", `-${pid}`]);
}

/** As after a reboot: no process is left, and the job began in another boot. Only the record can tell. */
async function reboot(scene: Scene): Promise<void> {
  await leader().stop();
  await killJob(scene);
  const claim = `${scene.job()}/claim`;
  const [version, pid, start, , ...rest] = read(claim).split(" ");
  const other = "00000000-0000-4000-8000-000000000000";
  writeFileSync(claim, [version, pid, start, other, ...rest].join(" "));
  await leader().restart();
}

beforeAll(async () => {
  stage = await openStage({ hosts: 2 });
});
afterAll(() => stage.close());

describe("a leader that is rebooted while it migrates", () => {
  const rebooted = async (name: string): Promise<readonly [Scene, string]> => {
    const scene = await stage.open(name, { migrate: migration(0, 5, 3) });
    const first = told(scene);
    await scene.printed("line 3");
    await reboot(scene);
    scene.letGo(3);
    return [scene, await first];
  };

  test("lost: nothing is activated, by a re-run neither; resolve: retry runs it again", async () => {
    const [scene, first] = await rebooted("retry");
    const again = await told(scene, { run: "2", migration: { retry: true } });
    const before = [scene.count(), scene.live()];
    const resolved = await told(scene, { run: "3", migration: { resolve: "retry" } });
    expect([first, again, before]).toEqual([lost, lost, [1, ["none", "none"]]]);
    expect([resolved, scene.count(), new Set(scene.live()).size]).toEqual(["deployed: exited 0", 2, 1]);
  });

  test("lost: resolve: done takes it as done, by name, and runs nothing", async () => {
    const [scene, first] = await rebooted("done");
    const resolved = await told(scene, { run: "2", migration: { resolve: "done" } });
    const word = "deployed: was run already: taken as done by org/shop/2";
    expect([first, resolved, scene.count(), new Set(scene.live()).size]).toEqual([lost, word, 1, 1]);
  });
});

describe("a migration that is killed", () => {
  test("by SIGKILL to its shell, as for lack of memory: its code is told, and nothing is activated", async () => {
    const scene = await stage.open("oom", {
      migrate: `echo $$ >"$DEPLOY_SHARED_PATH/pid"; ${migration(0, 5, 2)}`,
    });
    const first = told(scene);
    await scene.printed("line 2");
    await leader().exec(["kill", "-KILL", read(scene.path("shared/pid")).trim()]);
    expect([await first, await told(scene, { run: "2" }), scene.count(), scene.live()]).toEqual([
      signalled(137, 9, ", perhaps out of memory"),
      `${signalled(137, 9, ", perhaps out of memory")} in an earlier run`,
      1,
      ["none", "none"],
    ]);
  });

  test("by a memory limit: not success", async () => {
    const script = "ulimit -v 200000; exec awk 'BEGIN { s = \"x\"; while (1) s = s s }'";
    const scene = await stage.open("memory", { migrate: script });
    expect([await told(scene), scene.live()]).toEqual([
      expect.stringMatching(/^failed: migration-failed: the migration of ID exited \d+/),
      ["none", "none"],
    ]);
  });

  test("with its whole group, runner and all: lost", async () => {
    const scene = await stage.open("group", { migrate: migration(0, 5, 2) });
    const first = told(scene);
    await scene.printed("line 2");
    await killJob(scene);
    expect([await first, await told(scene, { run: "2" }), scene.count(), scene.live()]).toEqual([
      lost,
      lost,
      1,
      ["none", "none"],
    ]);
  });
});
