import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mintSigner, pemSigner } from "@deploy/sign";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { bash, busybox, dash } from "../../packages/remote/test/shells.ts";
import { type Machine, remembered } from "./machine.ts";
import { A, B, makeStage, type Stage } from "./stage.ts";

const posix = { ...bash, name: "bash, posix as sh" };

describe.each([dash, posix, busybox])("a machine that pulls, by $name", (shell) => {
  let stage: Stage;
  let machine: Machine;
  beforeEach(async () => {
    stage = await makeStage(shell);
    machine = await stage.machine();
  });
  afterEach(() => stage.close());

  const said = async () => (await machine.pass()).said;
  const begin = async () => {
    await stage.publish({ serial: 41, live: stage.parcel(A) });
    expect(await said()).toBe(`live ${A} 41`);
  };

  test("boots, is idle, follows, goes back by a pointer, and tells each", async () => {
    await begin();
    expect(machine.live()).toBe(A);
    stage.asked.length = 0;
    expect(await said()).toBe(`live ${A} 41`);
    expect(stage.asked).toEqual(["GET /pointer"]);
    await stage.publish({ serial: 42, live: stage.parcel(B) });
    expect(await said()).toBe(`live ${B} 42`);
    expect(machine.live()).toBe(B);
    stage.asked.length = 0;
    await stage.publish({ serial: 43, live: stage.parcel(A) });
    expect(await said()).toBe(`live ${A} 43`);
    expect(machine.live()).toBe(A);
    expect(stage.asked.filter((line) => line.includes("parcels"))).toEqual([]);
    expect(stage.status()).toEqual(["41/live/i-1", "42/live/i-1", "43/live/i-1"]);
    expect(readFileSync(join(stage.folder, "status/43/live/i-1"), "utf8")).toContain('"step":"finish"');
  });

  test("what is replayed, expired, early, another's, damaged or cut changes nothing", async () => {
    const old = await stage.publish({ serial: 40, live: stage.parcel(B) });
    await begin();
    const before = remembered(machine);
    const now = Math.floor(Date.now() / 1000);
    const live = stage.parcel(B);
    const good = await stage.publish({ serial: 42, live });
    const refusals: [string, string][] = [
      ["replayed", old],
      ["reused", await stage.publish({ serial: 41, live })],
      ["expired", await stage.publish({ serial: 42, live, expires: now })],
      ["clock-behind", await stage.publish({ serial: 42, live, issued: now + 900 })],
      ["elsewhere", await stage.publish({ serial: 42, live, environment: "staging" })],
      ["unsigned", await stage.publish({ serial: 42, live }, pemSigner(mintSigner()))],
      ["unsigned", good.replace("serial 42", "serial 43")],
      ["unsigned", good.slice(0, -1)],
      ["unsigned", good.slice(0, 300)],
      ["unsigned", `${good}\n`],
      ["unsigned", `${good}${good}`],
    ];
    for (const [why, text] of refusals) {
      stage.write("pointer", text);
      expect(await said()).toBe(`refused ${why}`);
      expect(machine.live()).toBe(A);
      expect(remembered(machine)).toBe(before);
    }
    stage.write("pointer", good);
    expect(await said()).toBe(`live ${B} 42`);
  });

  test("a fresh machine believes nothing below its floor", async () => {
    await stage.publish({ serial: 39, live: stage.parcel(A) });
    expect(await said()).toBe("refused replayed");
    expect(machine.live()).toBeUndefined();
  });

  test("without its store it serves what it has and says so; a parcel that is not what was signed is not unpacked", async () => {
    await begin();
    rmSync(join(stage.folder, "pointer"));
    expect(await said()).toMatch(/^stale .*404/);
    expect(machine.live()).toBe(A);
    const live = stage.parcel(B);
    stage.write(`parcels/${live.parcel.sha256}`, Buffer.alloc(live.parcel.bytes, "x"));
    await stage.publish({ serial: 42, live });
    expect(await said()).toMatch(/^error stream-damaged /);
    expect(machine.live()).toBe(A);
    expect(existsSync(join(machine.host.base, "releases", B))).toBe(false);
    stage.parcel(B);
    expect(await said()).toBe(`live ${B} 42`);
  });

  test("a bad release is taken back, on a fresh machine to nothing, and not tried again but by a new serial", async () => {
    stage.broken.add(A);
    await stage.publish({ serial: 41, live: stage.parcel(A) });
    expect(await said()).toBe(`failed ${A}`);
    expect(machine.live()).toBeUndefined();
    stage.asked.length = 0;
    expect(await said()).toBe(`failed ${A}`);
    expect(stage.asked).toEqual(["GET /pointer"]);
    expect(stage.status()).toEqual(["41/failed/i-1"]);
    stage.broken.clear();
    await stage.publish({ serial: 42, live: stage.parcel(A) });
    expect(await said()).toBe(`live ${A} 42`);
    stage.broken.add(B);
    await stage.publish({ serial: 43, live: stage.parcel(B) });
    expect(await said()).toBe(`failed ${B}`);
    expect(machine.live()).toBe(A);
  });

  test("what comes next is prepared and served by none, and then needs no store but the pointer", async () => {
    const next = stage.parcel(B);
    await stage.publish({ serial: 41, live: stage.parcel(A), next, prepare: ["echo made > made.txt"] });
    expect(await said()).toBe(`live ${A} 41`);
    expect(readFileSync(join(machine.host.base, "releases", B, "made.txt"), "utf8")).toBe("made\n");
    expect(stage.status()).toEqual(["41/live/i-1", "41/ready/i-1"]);
    rmSync(join(stage.folder, "parcels"), { recursive: true });
    await stage.publish({ serial: 42, live: next, prepare: ["false"], afterSwitch: ["pwd -P > ../../told"] });
    expect(await said()).toBe(`live ${B} 42`);
    expect(readFileSync(join(machine.host.base, "told"), "utf8")).toMatch(`releases/${B}\n`);
  });

  test("it switches at the agreed second of its own clock, and not for an order that was taken back", async () => {
    await begin();
    const clock = join(machine.host.home, "clock");
    const real = shell.busybox === true ? "/usr/bin/busybox date" : "/usr/bin/date";
    machine.host.program("date", `case "$*" in +%s) cat ${clock} ;; *) exec ${real} "$@" ;; esac`);
    const now = Math.floor(Date.now() / 1000);
    const live = stage.parcel(B);
    writeFileSync(clock, `${now}\n`);
    await stage.publish({ serial: 42, live, activateAt: now + 100 });
    expect(await said()).toBe(`waiting ${B} ${now + 100}`);
    expect(stage.status()).toContain("42/ready/i-1");
    await stage.publish({ serial: 43, live: stage.parcel(A) });
    expect(await said()).toBe(`live ${A} 43`);
    await stage.publish({ serial: 44, live, activateAt: now + 100 });
    expect(await said()).toBe(`waiting ${B} ${now + 100}`);
    writeFileSync(clock, `${now + 100}\n`);
    expect(await said()).toBe(`live ${B} 44`);
  });

  test("killed anywhere, the next pass goes on", async () => {
    await begin();
    await stage.publish({ serial: 42, live: stage.parcel(B) });
    const { lines } = await machine.pass(1_000_000);
    expect(machine.live()).toBe(B);
    expect(lines).toBeGreaterThan(100);
    const cuts = 12;
    for (let cut = 0; cut < cuts; cut += 1) {
      const to = cut % 2 === 0 ? A : B;
      rmSync(join(machine.host.base, "releases", to), { recursive: true });
      rmSync(join(machine.host.base, ".deploy/releases", `${to}.json`));
      await stage.publish({ serial: 43 + cut, live: stage.parcel(to) });
      await machine.pass(Math.ceil(((cut + 0.5) / cuts) * lines));
      expect([A, B]).toContain(machine.live());
      expect(await said()).toBe(`live ${to} ${43 + cut}`);
      expect(machine.live()).toBe(to);
    }
  });
});
