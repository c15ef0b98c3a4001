import { needs } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { findFaults, findTorn } from "./oracle.ts";
import { openRig, type Rig } from "./rig.ts";

const describe = needs("sshd", "ip", "curl");

/** All of it by `npm run test:sweep`; else a quarter, a different one each day, told by its seed. */
const whole = process.env.DEPLOY_SWEEP === "all";
const seed = Number(process.env.DEPLOY_SWEEP_SEED ?? Math.floor(Date.now() / 86_400_000)) % 4;

describe("a coordinator killed before and after each remote operation", () => {
  let rig: Rig;
  let old: string;
  let operations: number;

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

  const sweep = async (next: (killed: string) => Promise<readonly string[]>): Promise<void> => {
    const faults: unknown[] = [];
    let runs = 0;
    for (let at = 1; at <= operations; at++) {
      for (const when of ["before", "after"] as const) {
        if (!whole && (2 * at + (when === "after" ? 1 : 0)) % 4 !== seed) continue;
        runs += 1;
        await rig.reset();
        const killed = await rig.deploy("two", "2", { kill: { at, when } });
        const found = [...(await findTorn(rig, old)), ...(await next("2"))];
        if (found.length > 0) faults.push({ at, when, killed: killed.killed, found });
      }
    }
    console.log(
      `sweep: ${operations} operations, ${runs} runs, ${faults.length} failures${whole ? "" : ` (quarter ${seed})`}`,
    );
    expect(faults).toEqual([]);
  };

  test(
    "and the same deploy again: it converges, with one migration",
    () => sweep(async () => findFaults(rig, await rig.deploy("two", "2"))),
    1_200_000,
  );

  test(
    "and another commit: it takes over and is whole",
    () => sweep(async (killed) => findFaults(rig, await rig.deploy("three", "3", { over: [killed] }))),
    1_200_000,
  );
});
