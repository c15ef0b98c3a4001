import { rmSync, writeFileSync } from "node:fs";
import { type DeployError, errorCodes, type Host } from "@deploy/core";
import { type ProbeAnswer, probe } from "@deploy/remote";
import { needs } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { startRun, toldIn } from "./seen.ts";
import { openStage, read, type Scene, type Stage } from "./stage.ts";
import { askHost } from "./wire.ts";

const describe = needs("sshd", "ip");

type Damage = (text: string) => string;

const empty: Damage = () => "";
const cut: Damage = (text) => text.slice(0, 8);
/** All but the last character that counts. */
const shorn: Damage = (text) => text.trimEnd().slice(0, -1);
const foreign: Damage = () => "hello there\n";
const bytes: Damage = () => "\0\u0001\xff\xfe;$(touch /srv/owned)`touch /srv/owned`\n";
const version =
  (number: number): Damage =>
  (text) =>
    text.replace(/^1|(?<="schema":)1/, String(number));

let stage: Stage;
const migrate = 'printf x >>"$DEPLOY_SHARED_PATH/count"';
beforeAll(async () => {
  stage = await openStage({ hosts: 1 });
});
afterAll(() => stage.close());

/** Runs over a damaged file, puts it back, and tells what became of it. */
async function runOver(scene: Scene, file: string, damage: Damage, letter: string) {
  const path = scene.path(file);
  const [text, live] = [read(path), scene.live()];
  writeFileSync(path, damage(text), "latin1");
  const { report } = startRun({ ...scene.settings, run: "9", commit: letter.repeat(40) });
  const { result, problems } = await report;
  writeFileSync(path, text);
  expect([scene.live(), scene.count(), stage.fleet.hosts[0]?.root && read(scene.path("../owned"))]).toEqual([
    live,
    1,
    "",
  ]);
  for (const { code, hint, message } of problems)
    expect([code in errorCodes, hint !== "", message !== ""]).toEqual([true, true, true]);
  return [result, ...problems.map(({ code }) => code)];
}

describe("the lock's files, damaged: refused by name, nothing is switched", () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await stage.open("settled", { migrate });
    expect((await startRun(scene.settings).report).result).toBe("deployed");
    writeFileSync(scene.path(".deploy/lock/frozen"), "");
    rmSync(scene.path(".deploy/lock/frozen"));
  });

  test.each<readonly [string, string, Damage, string]>([
    ["state", "empty", empty, "lock-corrupt"],
    ["state", "cut", cut, "lock-corrupt"],
    ["state", "shorn", shorn, "lock-corrupt"],
    ["state", "foreign", foreign, "lock-corrupt"],
    ["state", "bytes", bytes, "lock-corrupt"],
    ["state", "newer", version(2), "state-version"],
    ["state", "older", version(0), "state-version"],
    ["adopted", "empty", empty, "lock-corrupt"],
    ["adopted", "without its owner", (text) => text.split(" ").slice(0, 2).join(" "), "lock-corrupt"],
    ["adopted", "newer", version(2), "state-version"],
    ["adopted", "older", version(0), "state-version"],
  ])("%s, %s", async (name, _, damage, code) => {
    expect(await runOver(scene, `.deploy/lock/${name}`, damage, "b")).toEqual(["failed", code]);
  });

  test("a freeze that cannot be read is no freedom", async () => {
    const file = scene.path(".deploy/lock/frozen");
    writeFileSync(file, "1 2026-11-21T00:00:00Z ann zz\n");
    const report = await startRun({ ...scene.settings, run: "9", commit: "b".repeat(40) }).report;
    rmSync(file);
    expect([report.result, report.problems.map(({ code }) => code)]).toEqual(["failed", ["lock-corrupt"]]);
  });
});

describe("a job's files, damaged: never taken for success, nothing is switched, and not run again", () => {
  let scene: Scene;
  let job: string;
  beforeAll(async () => {
    scene = await stage.open("pending", { migrate });
    const { result, release } = await startRun({ ...scene.settings, phases: ["prepare", "data"] }).report;
    expect(result).toBe("prepared");
    job = `.deploy/jobs/migrate-${release}`;
  });

  test.each<readonly [string, Damage, string]>([
    ["empty", empty, "job-damaged"],
    ["cut", cut, "job-damaged"],
    ["shorn", (text) => text.replace(" .", ""), "job-damaged"],
    ["foreign", foreign, "job-damaged"],
    ["bytes", bytes, "job-damaged"],
    ["a code that is none", (text) => text.replace("1 0 ", "1 - "), "job-damaged"],
    ["a code beyond 255", (text) => text.replace("1 0 ", "1 256 "), "job-damaged"],
    ["newer", version(2), "state-version"],
    ["older", version(0), "state-version"],
  ])("rc, %s", async (_, damage, code) => {
    expect(await runOver(scene, `${job}/rc`, damage, "a")).toEqual(["failed", code]);
  });

  test.each([
    ["meta", empty],
    ["meta", version(2)],
    ["claim", bytes],
    ["claim", version(2)],
  ])("without rc, and %s damaged too", async (name, damage) => {
    const rc = scene.path(`${job}/rc`);
    const code = read(rc);
    rmSync(rc);
    const [result, why = ""] = await runOver(scene, `${job}/${name}`, damage, "a");
    writeFileSync(rc, code);
    expect(result).toBe("failed");
    expect(["job-lost", "job-damaged", "state-version"]).toContain(why);
  });

  test("whole again, it is what it was", async () => {
    const report = await startRun({ ...scene.settings, run: "9" }).report;
    expect([toldIn(report), scene.count()]).toEqual(["deployed: was run already: exited 0", 1]);
  });
});

describe("a release's record, damaged", () => {
  test.each([
    ["empty", empty],
    ["cut", cut],
    ["shorn", shorn],
    ["foreign", foreign],
    ["bytes", bytes],
    ["newer", version(2)],
    ["older", version(0)],
  ])("%s: it counts as unread, and stops the plan", async (_, damage) => {
    const scene = await stage.open("records", { migrate });
    const { release } = await startRun(scene.settings).report;
    const file = scene.path(`.deploy/releases/${release}.json`);
    const text = read(file);
    writeFileSync(file, damage(text), "latin1");
    const command = probe({ base: scene.base, sharedFiles: [], journal: 0 });
    const answer = await askHost(stage.fleet, stage.fleet.hosts[0]?.host as Host, command);
    writeFileSync(file, text);
    expect((answer as Exclude<typeof answer, DeployError> & ProbeAnswer).releases).toEqual([
      { id: release, state: "bad", unread: true },
    ]);
  });
});
