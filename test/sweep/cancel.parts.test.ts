import { existsSync } from "node:fs";
import { join } from "node:path";
import { needs, seed, until } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Course, type Cut, everyCut, type Follower, followersOf, sampleCuts } from "./cancel/chains.ts";
import type { Told } from "./cancel/command.ts";
import { operationsOn } from "./cancel/gate.ts";
import { findAfter, findAfterCut, findInStatus } from "./cancel/oracle.ts";
import { openStage, type Stage } from "./cancel/rig.ts";
import { tell, whole } from "./told.ts";

/** How the host is left, whether it stays out, and what `status` says. */
const alone: readonly (readonly [string, "before" | "after", boolean, RegExp])[] = [
  [
    "it is well on its release, and returns by itself",
    "before",
    false,
    /"step\W+return\W+result\W+by itself/,
  ],
  [
    "the new release is there and the old one answers, so that it stays out",
    ...(["after", true] as const),
    /was taken out of the pool by \S+ at \S+, and did not return by itself \(http:\S+ does not name release/,
  ],
];

const describe = needs("sshd", "ip", "curl");

describe("a run that is cancelled or killed in the middle of what follows the switch", () => {
  let stage: Stage;
  const courses: Course[] = [];

  beforeAll(async () => {
    stage = await openStage();
    for (const name of ["zero", "one"]) expect(await stage.deploy("run", name)).toMatchObject({ code: 0 });
    await stage.keep();
    for (const [name, code] of [
      ["two", 0],
      ["bad", 3],
    ] as const) {
      await stage.reset();
      expect(await stage.deploy("run", name)).toMatchObject({ code });
      courses.push({ name, operations: stage.hosts.map(operationsOn) });
    }
  });
  afterAll(() => stage.close());

  test("and status, the same again, another commit, a rollback: one release answers everywhere", async () => {
    const cuts = whole ? everyCut(courses) : sampleCuts(courses, seed);
    const faults: unknown[] = [];
    for (const [index, cut] of cuts.entries()) {
      await stage.reset();
      const found = await follow(cut, followersOf(seed + index, whole));
      if (found.length > 0) faults.push({ ...cut, found });
    }
    const operations = courses.flatMap((course) => course.operations.flat()).length;
    tell("cancel", { operations, runs: cuts.length, failures: faults.length });
    expect(faults).toEqual([]);
  }, 7_200_000);

  test.each(alone)("killed, and nobody comes, with a host out of its pool: %s", async (_, when, to, said) => {
    await stage.reset();
    const [host] = stage.hosts;
    if (host === undefined) throw new Error("there is no host");
    await stage.cut("two", host, { at: 1, when }, "SIGKILL", true);
    const left = (name: string) => existsSync(join(host.root, "shop", name));
    await until("its watcher's word", () => !left(".deploy/drained") || left(".deploy/watched"));
    const { output } = await stage.deploy("status");
    const [first] = await stage.see();
    expect([left("shared/drain"), left(".deploy/drained"), first?.content]).toEqual([to, to, "one"]);
    expect(output).toMatch(said);
    await stage.deploy("unlock");
  });

  async function follow(cut: Cut, next: readonly Follower[]): Promise<readonly string[]> {
    const { name, host, way } = cut;
    const told = await stage.cut(name, stage.hosts[host] as never, cut, way);
    const seen = await stage.see();
    const found = [...findAfterCut(cut, told, seen), ...findInStatus(await stage.deploy("status"), seen)];
    if (told.report === undefined) await stage.deploy("unlock");
    for (const follower of next) {
      const [after, content] = await run(follower, name);
      found.push(...findAfter(follower, after, await stage.see(), content));
    }
    return found;
  }

  async function run(follower: Follower, name: string): Promise<readonly [Told, string | undefined]> {
    if (follower === "rollback") return [await stage.deploy("rollback"), undefined];
    const content = follower === "same" ? name : "three";
    return [await stage.deploy("run", content), content];
  }
});
