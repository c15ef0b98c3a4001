import { setTimeout as pause } from "node:timers/promises";
import { needs, type TcpProxy } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { outcomeOf, type Seen, startRun } from "./seen.ts";
import { allLines, migration, openStage, type Scene, type Stage, until } from "./stage.ts";

const describe = needs("sshd", "ip");

type Cut = (scene: Scene, run: Seen) => Promise<unknown>;

/** When the wire to the leader breaks, and how. */
const cuts: Readonly<Record<string, Cut>> = {
  "before the launch is answered": async ({ job, proxy }) => {
    await until("a job", () => job() !== undefined);
    return proxy.reset();
  },
  "0.1 s after it began": async ({ count, proxy }) => {
    await until("its first step", () => count() > 0);
    await pause(100);
    return proxy.reset();
  },
  "in the middle": async ({ printed, proxy }) => {
    await printed("line 10");
    return proxy.reset();
  },
  "again and again": async ({ printed, proxy }) => {
    for (const line of [3, 9, 15]) {
      await printed(`line ${line}`);
      proxy.reset();
    }
  },
  "when its last line is printed, and not yet read": async ({ printed, proxy }) => {
    await printed("line 20");
    return proxy.reset();
  },
  "behind the answer that brings its last line": async ({ printed, proxy }) => {
    await printed("line 20");
    await cutBehindNextAnswer(proxy);
  },
  "not cut but silent, until the keepalive gives up": async ({ printed, proxy }, run) => {
    await printed("line 10");
    proxy.stall();
    await until("a new connection", () => run.notes().includes("connection lost, connecting again"));
    proxy.resume();
  },
};

async function cutBehindNextAnswer(proxy: TcpProxy): Promise<void> {
  const { toClient } = proxy.bytes();
  proxy.cutWhen((bytes) => bytes.toClient > toClient);
  await until("the cut", () => proxy.cuts() > 0);
}

describe("a migration goes on while its connection is gone, and is followed again within the run", () => {
  let stage: Stage;
  /** Side by side: most of the time they wait. */
  const ran = new Map<string, Promise<readonly unknown[]>>();
  beforeAll(async () => {
    stage = await openStage({ hosts: [{ config: ["MaxStartups 100"] }, {}] });
    for (const [index, [when, cut]] of Object.entries(cuts).entries()) {
      const ended = play(
        await stage.open(`cut${index}`, { migrate: migration(index % 2 === 0 ? 7 : 0) }),
        cut,
      );
      ended.catch(() => {});
      ran.set(when, ended);
    }
  });
  afterAll(() => stage.close());

  async function play(scene: Scene, cut: Cut): Promise<readonly unknown[]> {
    const first = startRun({ ...scene.settings, phases: ["prepare", "data"] });
    await cut(scene, first);
    const told = await outcomeOf(first);
    const lost = first.notes().includes("connection lost, connecting again");
    const next = await outcomeOf(startRun({ ...scene.settings, run: "2" }));
    return [lost, scene.count(), told, next, scene.live().filter((link) => link !== "none").length];
  }

  test.each(Object.keys(cuts).map((when, index) => [when, index % 2 === 0 ? 7 : 0] as const))(
    "%s: exit code %d",
    async (when, code) => {
      const failed = "failed: migration-failed: the migration of ID exited 7";
      expect(await ran.get(when)).toEqual(
        code === 0
          ? [
              true,
              1,
              ["prepared: exited 0", allLines()],
              ["deployed: was run already: exited 0", allLines()],
              2,
            ]
          : [true, 1, [failed, allLines()], [`${failed} in an earlier run`, allLines()], 0],
      );
    },
    60_000,
  );
});
