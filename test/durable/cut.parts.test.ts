import { needs, until } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { outcomeOf, type Seen, startRun } from "./seen.ts";
import { allLines, migration, openStage, type Scene, type Stage } from "./stage.ts";

const describe = needs("sshd", "ip");

interface Cut {
  /** The lines behind which the migration waits to be let go. */
  readonly held?: readonly number[];
  /** Breaks the wire to the leader. */
  readonly cut: (scene: Scene, run: Seen) => Promise<unknown>;
}

const lostIn = (run: Seen) =>
  run.notes().filter((note) => note === "connection lost, connecting again").length;

/** Once the run has read this line, behind which the migration stands; that goes on when the run has seen its loss. */
async function cutAt(line: number, { letGo, count, proxy }: Scene, run: Seen): Promise<void> {
  await until(`line ${line}`, () => (line === 0 ? count() > 0 : run.output().endsWith(`line ${line}\n`)));
  const before = lostIn(run);
  proxy.reset();
  await until("the loss", () => lostIn(run) > before);
  letGo(line);
}

const cuts: Readonly<Record<string, Cut>> = {
  "before the launch is answered": {
    cut: async ({ job, proxy }) => {
      await proxy.holdWhen(() => job() !== undefined, "toClient");
      proxy.reset();
      proxy.resume();
    },
  },
  "before its first line": { held: [0], cut: (scene, run) => cutAt(0, scene, run) },
  "in the middle": { held: [10], cut: (scene, run) => cutAt(10, scene, run) },
  "again and again": {
    held: [3, 9, 15],
    cut: async (scene, run) => {
      for (const line of [3, 9, 15]) await cutAt(line, scene, run);
    },
  },
  "when its last line is printed, and not yet read": {
    held: [19],
    cut: async ({ printed, log, letGo, proxy }) => {
      await printed("line 19");
      const held = proxy.holdWhen(() => log().includes("line 20"), "toClient");
      letGo(19);
      await held;
      proxy.reset();
      proxy.resume();
    },
  },
  "behind the answer that brings its last line": {
    held: [19, 20],
    cut: async ({ printed, log, letGo, proxy }, run) => {
      await printed("line 19");
      await until("line 19 in the run", () => run.output().endsWith("line 19\n"));
      proxy.cutWhen(() => log().includes("line 20"));
      letGo(19);
      await until("the loss", () => lostIn(run) > 0);
      letGo(20);
    },
  },
  "not cut but silent, until the keepalive gives up": {
    held: [10],
    cut: async ({ printed, letGo, proxy }, run) => {
      await printed("line 10");
      proxy.stall();
      await until("the loss", () => lostIn(run) > 0);
      proxy.resume();
      letGo(10);
    },
  },
};

describe("a migration goes on while its connection is gone, and is followed again within the run", () => {
  let stage: Stage;
  /** Side by side: most of the time they wait. */
  const ran = new Map<string, Promise<readonly unknown[]>>();
  beforeAll(async () => {
    stage = await openStage({ hosts: [{ config: ["MaxStartups 100"] }, {}] });
    for (const [index, [when, { held = [], cut }]] of Object.entries(cuts).entries()) {
      const migrate = migration(index % 2 === 0 ? 7 : 0, 20, ...held);
      const ended = play(await stage.open(`cut${index}`, { migrate }), cut);
      ended.catch(() => {});
      ran.set(when, ended);
    }
  });
  afterAll(() => stage.close());

  async function play(scene: Scene, cut: Cut["cut"]): Promise<readonly unknown[]> {
    const first = startRun({ ...scene.settings, phases: ["prepare", "data"] });
    await cut(scene, first);
    const told = await outcomeOf(first);
    const lost = lostIn(first) > 0;
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
  );
});
