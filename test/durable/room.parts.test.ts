import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FleetHost, needs } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { outcomeOf, startRun, toldIn } from "./seen.ts";
import { allLines, migration, openStage, type Stage } from "./stage.ts";

const describe = needs("sshd", "ip");

describe("a disk that is full below .deploy", () => {
  let stage: Stage;
  let leader: FleetHost;
  beforeAll(async () => {
    stage = await openStage({ hosts: [{ tmpfs: "2m" }, {}] });
    leader = stage.fleet.hosts[0] as FleetHost;
  });
  afterAll(() => stage.close());

  /** Takes all room there is, also what is freed later, until it is stopped. */
  const fill = async () => {
    const loop = "while :; do cat /dev/zero >>/srv/filler; echo full; sleep 0.05; done 2>/dev/null";
    const filler = await leader.start(["sh", "-c", loop]);
    await filler.until(/full/);
    return async () => {
      await filler.stop();
      await leader.exec(["rm", "-f", "/srv/filler"]);
    };
  };

  test("while it migrates: its code is read, what cannot be written is told, and with room it is mended", async () => {
    const scene = await stage.open("during", { migrate: migration(7, 6, 2) });
    const first = startRun(scene.settings);
    await scene.printed("line 2");
    const empty = await fill();
    // A file without a byte needs no room.
    scene.letGo(2);
    const told = toldIn(await first.report);
    const [live, count] = [scene.live(), scene.count()];
    await empty();
    const failed = "failed: migration-failed: the migration of ID exited 7";
    expect([told, live, count]).toEqual([failed, ["none", "none"], 1]);
    expect(first.notes().at(-1)).toMatch(/^the lock could not be released, its lease ends by itself: /);
    const then = await startRun({ ...scene.settings, attempt: "2" }).report;
    expect([toldIn(then), scene.count()]).toEqual([`${failed} in an earlier run`, 1]);
  });

  test("before it begins: the reason is told, nothing is started", async () => {
    const scene = await stage.open("before", { migrate: migration(0, 1) });
    await startRun({ ...scene.settings, phases: ["prepare"] }).report;
    const empty = await fill();
    const report = await startRun(scene.settings).report;
    const told = [report.result, [...new Set(report.problems.map(({ code }) => code))], scene.count()];
    await empty();
    const then = await startRun({ ...scene.settings, run: "2" }).report;
    expect([told, toldIn(then), scene.count()]).toEqual([
      ["failed", ["disk-full"], 0],
      "deployed: exited 0",
      1,
    ]);
  });
});

describe("clocks an hour apart", () => {
  let stage: Stage;
  let bin: string;
  beforeAll(async () => {
    bin = mkdtempSync(join(tmpdir(), "deploy-clock-"));
    mkdirSync(bin, { recursive: true });
    for (const [index, shift] of [3600, -3600].entries()) {
      mkdirSync(join(bin, `${index}`));
      const file = join(bin, `${index}`, "date");
      writeFileSync(file, wrongDate(shift));
      chmodSync(file, 0o755);
    }
    const path = (index: number) => `${join(bin, `${index}`)}:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;
    const hosts = [0, 1].map((index) => ({ config: [`SetEnv "PATH=${path(index)}"`] }));
    stage = await openStage({ hosts });
  });
  afterAll(async () => {
    await stage.close();
    rmSync(bin, { recursive: true });
  });

  /** Shows another time, of now and of files alike. */
  const wrongDate = (seconds: number): string =>
    [
      "#!/bin/sh",
      'case "$1" in -r) shown=$(/bin/date -r "$2" +%s) || exit; shift 2 ;; *) shown=$(/bin/date +%s) ;; esac',
      `exec /bin/date -d "@$((shown + ${seconds}))" "$@"`,
      "",
    ].join("\n");

  test("neither end a lease, nor a silence, nor a migration", async () => {
    const timed = { run: migration(7, 6, 1), silence: "30m", timeout: "30m", "silence-timeout": "30m" };
    const scene = await stage.open("clocks", { migrate: timed });
    const first = startRun(scene.settings);
    await scene.printed("line 1");
    const other = await startRun({ ...scene.settings, run: "2", commit: "b".repeat(40) }).report;
    scene.letGo(1);
    const failed = "failed: migration-failed: the migration of ID exited 7";
    expect(await outcomeOf(first)).toEqual([failed, allLines(6)]);
    expect([other.result, other.problems[0]?.message]).toEqual([
      "locked",
      expect.stringMatching(
        /^run 1 .* holds the lock in phase migrating, for \d{1,3} s more unless renewed$/,
      ),
    ]);
    expect(first.notes()).toEqual([]);
    expect(scene.live()).toEqual(["none", "none"]);
  });
});
