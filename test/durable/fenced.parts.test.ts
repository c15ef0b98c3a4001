import { existsSync, writeFileSync } from "node:fs";
import { DeployError, type Host } from "@deploy/core";
import {
  backup,
  type Fence,
  finish,
  flip,
  jobEnd,
  jobLaunch,
  jobSettle,
  lockRelease,
  lockRenew,
  markReady,
  type RemoteCommand,
  receive,
  runUserCommand,
} from "@deploy/remote";
import { hostTree, needs, until } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Coordinator, startCoordinator } from "./child.ts";
import { startRun, toldIn } from "./seen.ts";
import { migration, openStage, read, type Scene, type Stage } from "./stage.ts";
import { askHost } from "./wire.ts";

const describe = needs("sshd", "ip");

/** Seconds. */
const lease = 2;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ hosts: 3 });
});
afterAll(() => stage.close());

const hosts = [0, 1, 2];
const trees = ({ path }: Scene) => hosts.map((host) => hostTree(path("", host)));

/** Token, expiry and owner of the lock on the leader. */
const lockOf = ({ path }: Scene): readonly string[] =>
  read(path(".deploy/lock/state")).split(" ").slice(1, 4);

/** The holder's process stands still until its lease is over. */
async function stall(scene: Scene, { process }: Coordinator): Promise<void> {
  process.kill("SIGSTOP");
  await until("the lease's end", () => Number(lockOf(scene)[1]) * 1000 < Date.now());
}

describe("a run that stalls beyond its lease", () => {
  let scene: Scene;
  let fence: Fence;
  let release: string;

  test("is taken over; when it comes back it is fenced on every host, and changes nothing", async () => {
    scene = await stage.open("fenced", {
      prepare: [
        'touch "$DEPLOY_SHARED_PATH/begun"; until [ -e "$DEPLOY_SHARED_PATH/go" ]; do sleep 0.05; done',
      ],
    });
    const first = startCoordinator({ ...scene.settings, lease });
    await until("its command", () => hosts.every((host) => existsSync(scene.path("shared/begun", host))));
    const [token = "", , owner = ""] = lockOf(scene);
    fence = { base: scene.base, token: Number(token), owner };
    await stall(scene, first);
    for (const host of hosts) writeFileSync(scene.path("shared/go", host), "");
    const second = await startRun({ ...scene.settings, run: "2", commit: "b".repeat(40) }).report;
    release = second.release;
    const before = [scene.live(), trees(scene)];
    first.process.kill("SIGCONT");
    const report = await first.report;
    expect([second.result, report?.result]).toEqual(["deployed", "failed"]);
    // In the order in which the hosts answered.
    expect(report?.problems.map(({ code, place }) => `${code} ${place.host}`).sort()).toEqual(
      report?.hosts.map(({ host }) => `fenced ${host}`).sort(),
    );
    expect([scene.live(), trees(scene)]).toEqual(before);
  });

  test.each<readonly [string, (fence: Fence) => RemoteCommand<unknown>]>([
    ["receive", (old) => receive({ ...receiveOf(old), release: "20261121T084450Z-aaaaaaa" })],
    ["a command", (old) => runUserCommand({ ...commandOf(old), step: "prepare" })],
    ["a job", (old) => jobLaunch({ ...commandOf(old), step: "migrate", job: "late" })],
    ["the end of a job", (old) => jobEnd({ fence: old, job: "late", grace: 1 })],
    ["a word on a job", (old) => jobSettle({ fence: old, job: "late", as: "done" })],
    [
      "a backup",
      (old) => backup({ fence: old, release, source: { database: "sqlite", path: "db" }, keep: 1 }),
    ],
    ["ready", (old) => markReady({ fence: old, release })],
    ["the switch", (old) => flip({ fence: old, expect: release, to: null, step: "revert" })],
    ["finish", (old) => finish({ fence: old, release, bad: null, removals: [release] })],
  ])("%s with its token is refused by every host", async (_, command) => {
    const before = trees(scene);
    const codes = await Promise.all(stage.fleet.hosts.map((host) => codeOf(host.host, command(fence))));
    expect([codes, trees(scene)]).toEqual([["fenced", "fenced", "fenced"], before]);
  });

  test("the lock can neither be renewed nor released with it", async () => {
    const before = trees(scene);
    const leader = stage.fleet.hosts[0]?.host as Host;
    const renewed = await codeOf(leader, lockRenew({ fence, lease: 60, phase: "late" }));
    const released = await askHost(stage.fleet, leader, lockRelease(fence));
    // Nobody holds it: there is nothing to release.
    expect([renewed, released, trees(scene)]).toEqual(["fenced", { released: false }, before]);
  });

  function receiveOf(old: Fence) {
    return {
      ...{ fence: old, commit: "a".repeat(40), manifest: "0".repeat(64), artifact: "0".repeat(64), files: 1 },
      ...{ from: null, mtime: 0, shared: { directories: [], files: [] }, ready: true, run: "" },
      tenant: { app: "shop", environment: "production", repository: "" },
    };
  }

  function commandOf(old: Fence) {
    return { fence: old, release, directory: "release", run: 'touch "$DEPLOY_TO/late"' } as const;
  }

  async function codeOf(host: Host, command: RemoteCommand<unknown>): Promise<string> {
    const answer = await askHost(stage.fleet, host, command);
    return answer instanceof DeployError ? answer.problem.code : JSON.stringify(answer);
  }

  test("while its migration runs nobody takes over, and it goes on where it stood", async () => {
    const scene = await stage.open("busy", { migrate: migration(0, 15, 2) });
    const first = startCoordinator({ ...scene.settings, lease });
    await scene.printed("line 2");
    await stall(scene, first);
    const other = await startRun({ ...scene.settings, run: "2", commit: "b".repeat(40) }).report;
    first.process.kill("SIGCONT");
    scene.letGo(2);
    const report = await first.report;
    expect(other.problems.map(({ code }) => code)).toEqual(["job-running"]);
    expect([report && toldIn(report), scene.count()]).toEqual(["deployed: exited 0", 1]);
    const link = `releases/${report?.release}`;
    expect(scene.live()).toEqual([link, link, link]);
  });
});
