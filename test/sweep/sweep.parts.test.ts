import { needs, seed } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Settings } from "./coordinator.ts";
import { findAlone, findAway, findFaults, findTorn } from "./oracle.ts";
import { everyPoint, type Point, samplePoints } from "./points.ts";
import { openRig, type Rig } from "./rig.ts";
import { tell, whole } from "./told.ts";

const describe = needs("sshd", "ip", "curl");

describe("a coordinator killed before and after each remote operation", () => {
  let rig: Rig;
  let old: string;
  let operations: readonly string[];

  beforeAll(async () => {
    rig = await openRig();
    const first = await rig.deploy("one", "1");
    old = first.report?.release ?? "";
    expect([first.report?.result, first.output]).toEqual(["deployed", expect.any(String)]);
    await rig.keep();
    await rig.reset();
    operations = (await rig.deploy("two", "2")).operations;
  });
  afterAll(() => rig.close());

  const sweep = async (
    what: string,
    points: readonly Point[],
    next: (killed: string) => Promise<readonly string[]>,
    more: Partial<Settings> = {},
  ): Promise<void> => {
    const faults: unknown[] = [];
    for (const kill of points) {
      await rig.reset();
      const { killed } = await rig.deploy("two", "2", { kill, ...more });
      const found = [...(await findTorn(rig, old)), ...(await findAway(rig, 2)), ...(await next("2"))];
      if (found.length > 0) faults.push({ ...kill, operation: operations[kill.at - 1], killed, found });
    }
    tell(what, { operations: operations.length, runs: points.length, failures: faults.length });
    expect(faults).toEqual([]);
  };
  const chosen = (from: number) => (whole ? everyPoint(operations) : samplePoints(operations, from));

  test(
    "and the same deploy again: it converges, with one migration",
    () => sweep("kill, and again", chosen(seed), async () => findFaults(rig, await rig.deploy("two", "2"))),
    1_200_000,
  );

  // Where the test above kills before an operation, this one kills after it.
  test(
    "and another commit: it takes over and is whole",
    () =>
      sweep("kill, and another", chosen(seed + 1), async (killed) =>
        findFaults(rig, await rig.deploy("three", "3", { over: [killed] })),
      ),
    1_200_000,
  );

  // By turns the next run comes at once, or when who could return by itself has done so.
  test.each(whole ? [false, true] : [seed % 2 === 0])(
    "where hosts leave their pool in turn, one of them first for a while: none is forgotten outside (alone before: %s)",
    async (alone) => {
      const settings = alone ? rig.leased : rig.inWaves;
      await rig.reset();
      operations = (await rig.deploy("two", "2", settings)).operations;
      const own = ({ at }: Point) => whole || /^(pool|lease|flip|run soak)/.test(operations[at - 1] ?? "");
      await sweep(
        `kill in waves, ${alone ? "alone, " : ""}and again`,
        chosen(seed).filter(own),
        async () => [
          ...(alone ? await findAlone(rig) : []),
          ...(await findFaults(rig, await rig.deploy("two", "2", settings))),
        ],
        settings,
      );
    },
    4_800_000,
  );

  test("where a release is held: the next run goes on with it, or holds it", async () => {
    await rig.reset();
    operations = (await rig.deploy("two", "2", rig.held)).operations;
    const own = ({ at }: Point) => whole || /^(hold|run soak)/.test(operations[at - 1] ?? "");
    await sweep(
      "kill while it is held, and again",
      chosen(seed).filter(own),
      async () => {
        const ran = await rig.deploy("two", "2", rig.held);
        const on = ran.report?.result === "held" ? await rig.deploy("two", "2", rig.held) : ran;
        return findFaults(rig, on);
      },
      rig.held,
    );
  }, 1_200_000);
});
