import { cancelLikeRunner, needs, until } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Coordinator, startCoordinator } from "./child.ts";
import type { RunSettings } from "./run.ts";
import { outcomeOf, startRun, toldIn } from "./seen.ts";
import { allLines, migration, openStage, read, type Scene, type Stage } from "./stage.ts";

const describe = needs("sshd", "ip");

interface Case {
  /** Ends the first run; what it told last. */
  readonly end: (scene: Scene, first: Coordinator) => Promise<string>;
  /** What the next run is, other than the first. */
  readonly next: Partial<RunSettings>;
  /** Waited for before it starts. */
  readonly before?: (scene: Scene) => Promise<void>;
  readonly lease?: number;
  readonly told: string;
  /** The next run's outcome. */
  readonly after: string;
}

const kill = async ({ printed }: Scene, { process, report }: Coordinator): Promise<string> => {
  await printed("line 10");
  process.kill("SIGKILL");
  return (await report) === undefined ? "nothing" : "a report";
};

/** With all the time it wants: it ends at the first signal. */
const cancel = async ({ printed, path }: Scene, { process, report }: Coordinator): Promise<string> => {
  await printed("line 10");
  const signals = await cancelLikeRunner(process, { interrupt: 120_000 });
  const told = await report;
  const [, , , owner, , , , , , phase] = read(path(".deploy/lock/state")).trim().split(" ");
  return `${signals} ${told && toldIn(told)} lock: ${owner} ${phase}`;
};

const left =
  "SIGINT cancelled: job-left-running: cancelled: the migration of ID goes on on HOST, and the lock stays " +
  "lock: org/shop/1 migrating";
const over = async ({ job, letGo }: Scene) => {
  letGo(10);
  await until("its end", () => read(`${job()}/rc`) !== "");
};
/** Of a lock's lease, in milliseconds. */
const expiryIn = (state: string) => Number(read(state).split(" ")[2]) * 1000;
const deployed = "deployed: was run already: exited 0";
const failed = "failed: migration-failed: the migration of ID exited 7 in an earlier run";

const cases: Readonly<Record<string, Case>> = {
  "killed, then a re-run": { end: kill, next: { attempt: "2" }, told: "nothing", after: deployed },
  "killed, then a new run that GitHub tells of its end": {
    ...{ end: kill, next: { run: "2", holderIsOver: true }, told: "nothing", after: failed },
  },
  "killed, then a new run as soon as the lease is over": {
    ...{ end: kill, lease: 2, next: { run: "2" }, told: "nothing", after: deployed },
    before: ({ path }) => until("the lease's end", () => expiryIn(path(".deploy/lock/state")) < Date.now()),
  },
  "killed, then a re-run after the migration's end": {
    ...{ end: kill, next: { attempt: "2" }, before: over, told: "nothing", after: failed },
  },
  "cancelled as GitHub does, then a re-run": {
    end: cancel,
    next: { attempt: "2" },
    told: left,
    after: deployed,
  },
  "cancelled as GitHub does, then a new run": {
    ...{ end: cancel, next: { run: "2", holderIsOver: true }, told: left, after: failed },
  },
};

describe("a migration outlives its run: the next one attaches to it, and tells its real end", () => {
  let stage: Stage;
  const ran = new Map<string, Promise<readonly unknown[]>>();
  beforeAll(async () => {
    stage = await openStage({ hosts: [{ config: ["MaxStartups 100"] }, {}] });
    for (const [index, [name, known]] of Object.entries(cases).entries()) {
      const config = { migrate: migration(known.after === deployed ? 0 : 7, 20, 10) };
      const ended = play(await stage.open(`killed${index}`, config), known);
      ended.catch(() => {});
      ran.set(name, ended);
    }
  });
  afterAll(() => stage.close());

  async function play(scene: Scene, { end, next, before, lease }: Case): Promise<readonly unknown[]> {
    const first = startCoordinator({ ...scene.settings, ...(lease === undefined ? {} : { lease }) });
    const told = (await end(scene, first)).replaceAll(`${scene.proxy.address}:${scene.proxy.port}`, "HOST");
    await before?.(scene);
    const switched = scene.live();
    const second = startRun({ ...scene.settings, ...next });
    await until("the next run to follow it", () => second.output().includes("line 10\n"));
    scene.letGo(10);
    const then = await outcomeOf(second);
    const count = scene.count();
    return [told.replace(/\d{8}T\d{6}Z-\w{7}/g, "ID"), switched, then, count, new Set(scene.live()).size];
  }

  test.each(Object.entries(cases))("%s", async (name, { told, after }) => {
    expect(await ran.get(name)).toEqual([told, ["none", "none"], [after, allLines()], 1, 1]);
  });
});
