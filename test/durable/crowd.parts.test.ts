import { DeployError } from "@deploy/core";
import { type Fence, jobLaunch, lockAcquire, lockRelease } from "@deploy/remote";
import { type FleetHost, needs } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { startRun } from "./seen.ts";
import { migration, openStage, type Scene, type Stage } from "./stage.ts";
import { asked, askHost, withTransports } from "./wire.ts";

const describe = needs("sshd", "ip");
const crowd = 50;

describe("50 at once, each over a connection of its own", () => {
  let stage: Stage;
  let scene: Scene;
  let leader: FleetHost;
  let release: string;
  beforeAll(async () => {
    stage = await openStage({ hosts: [{ config: ["MaxStartups 200", "MaxSessions 100"] }] });
    scene = await stage.open("crowd", {});
    leader = stage.fleet.hosts[0] as FleetHost;
    ({ release } = await startRun({ ...scene.settings, phases: ["prepare"] }).report);
  });
  afterAll(() => stage.close());

  const ownerOf = (run: string) => ({
    ...{ id: `org/shop/${run}`, repository: "org/shop", run, attempt: "1", actor: "ann" },
    ...{ commit: "a".repeat(40), phase: "deploy" },
  });

  test("take the lock: one gets it, the others are told who did", async () => {
    const answers = await withTransports(stage.fleet, leader.host, crowd, (transports) =>
      Promise.all(
        transports.map((transport, index) =>
          asked(transport, lockAcquire({ base: scene.base, owner: ownerOf(`${100 + index}`), lease: 600 })),
        ),
      ),
    );
    const winner = answers.findIndex((answer) => !(answer instanceof DeployError));
    const refused = answers.flatMap((answer) => (answer instanceof DeployError ? [answer.problem] : []));
    expect(refused.map(({ code }) => code)).toEqual(Array(crowd - 1).fill("locked"));
    const named = `run ${100 + winner} (attempt 1) of org/shop, started by ann, holds the lock`;
    expect(refused.filter(({ message }) => !message.startsWith(named))).toEqual([]);
    const release = lockRelease({ base: scene.base, owner: `org/shop/${100 + winner}` });
    expect(await askHost(stage.fleet, leader.host, release)).toEqual({ released: true });
  });

  test("launch the migration of one release: it runs once", async () => {
    const answers = await withTransports(stage.fleet, leader.host, crowd, async (transports) => {
      const lock = lockAcquire({ base: scene.base, owner: ownerOf("1"), lease: 600 });
      const acquired = await askHost(stage.fleet, leader.host, lock);
      if (acquired instanceof DeployError) throw acquired;
      const fence: Fence = { base: scene.base, token: acquired.token, owner: "org/shop/1" };
      const job = { release, directory: "release", step: "migrate", job: `migrate-${release}` } as const;
      const launch = jobLaunch({ fence, ...job, run: migration(0, 3) });
      return Promise.all(transports.map((transport) => asked(transport, launch)));
    });
    const seen = answers.map((answer) => (answer instanceof DeployError ? answer.problem : answer));
    expect(seen.filter((answer) => "started" in answer && answer.started)).toHaveLength(1);
    expect(seen.filter((answer) => !("started" in answer))).toEqual([]);
    const pids = new Set(seen.map((answer) => ("pid" in answer ? answer.pid : undefined)));
    expect([pids.size, scene.count()]).toEqual([1, 1]);
  });
});
