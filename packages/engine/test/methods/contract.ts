import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Method, type Outcome, type Report, type Upload, uploadMethods } from "@deploy/core";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { recorder } from "../wires.ts";
import { loseAnswer, makeWorld, type Run, read, type World } from "../world.ts";

export interface Opened {
  readonly means: Partial<Run>;
  /** Makes the commit that is deployed of what the application is by now, where that matters. */
  readonly commit?: () => string;
  close(): Promise<void>;
}

/** One way in which a release comes to hosts, and what a run needs for it. */
export interface MethodSubject {
  readonly upload: Upload;
  /** `damaged`: what comes to hosts is not what was packed. */
  open(world: World, damaged?: boolean): Promise<Opened>;
}

const second = { commit: "b".repeat(40) };

/** What every upload method keeps, whichever way the bytes come. */
export function methodContract(name: Method, subject: MethodSubject): void {
  describe(`the upload method ${name}`, () => {
    let world: World;
    let opened: Opened;
    beforeEach(async () => {
      world = makeWorld({ upload: subject.upload });
      world.write({ "big.txt": "x".repeat(200_000) });
      opened = await subject.open(world);
    });
    afterEach(async () => {
      await opened.close();
      world.dispose();
    });
    const deploy = (run: Partial<Run> = {}) => {
      const commit = opened.commit?.();
      return world.deploy({ ...opened.means, ...run, ...(commit === undefined ? {} : { commit }) });
    };
    const served = (path: string) =>
      world.hosts.map((host) => read(world, host, `current/${path}`).slice(0, 9));

    test("brings the whole tree to every host, and says how", async () => {
      const report = await deploy();
      expect([report.result, methodsOf(report)]).toEqual(["deployed", [name, name, name]]);
      expect(served("index.html")).toEqual(["one", "one", "one"]);
      expect(read(world, "web3", "current/big.txt").length).toBe(200_000);
      expect(uploadsOf(report).every(({ transfer }) => (transfer?.sent ?? 0) > 0)).toBe(true);
      expect(uploadsOf(report)[0]?.detail).toContain(uploadMethods[name].done);
    });

    test("brings what changed, and keeps what did not", async () => {
      await deploy();
      world.write({ "index.html": "two" });
      const report = await deploy(second);
      expect(served("index.html")).toEqual(["two", "two", "two"]);
      expect(uploadsOf(report).every(({ transfer }) => (transfer?.saved ?? 0) > 100_000)).toBe(true);
    });

    test("where the live release is damaged, the new one is whole all the same", async () => {
      const first = await deploy();
      writeFileSync(join(world.home("web2"), "shop/releases", first.release, "big.txt"), "damaged");
      expect((await deploy(second)).result).toBe("deployed");
      expect(served("big.txt")).toEqual(["xxxxxxxxx", "xxxxxxxxx", "xxxxxxxxx"]);
    });

    test("a host that holds the release already is sent nothing", async () => {
      const { release } = await deploy({ phases: ["prepare"], keepLock: true });
      const again = await deploy({ release });
      expect(uploadsOf(again).map(({ detail, transfer }) => [detail, transfer?.sent])).toEqual(
        Array(3).fill(["was there already", 0]),
      );
    });

    test("a connection that is lost is opened again, and it goes on", async () => {
      world.faults.set("web2", loseAnswer("prepare", "before"));
      expect((await deploy()).result).toBe("deployed");
      expect(served("index.html")).toEqual(["one", "one", "one"]);
    });

    test("what came and is not what was packed is refused, and nobody is switched", async () => {
      await opened.close();
      opened = await subject.open(world, true);
      const report = await deploy();
      expect([report.result, report.problems.map(({ code }) => code)]).toEqual([
        "failed",
        Array(3).fill(expect.stringMatching(/^stream-(damaged|refused)$/)),
      ]);
      for (const host of world.hosts) {
        expect([world.live(host), readdirSync(join(world.home(host), "shop/releases"))]).toEqual([null, []]);
      }
    });

    test("a dry run brings nothing", async () => {
      const report = await deploy({ dryRun: true });
      expect([report.result, uploadsOf(report).map(({ detail }) => detail)]).toEqual([
        "planned",
        Array(3).fill("would be uploaded and verified"),
      ]);
      expect(world.hosts.filter((host) => existsSync(join(world.home(host), "shop/releases")))).toEqual([]);
    });

    test("without its means a run stops before anything is touched", async () => {
      const { calls, fault } = recorder();
      for (const host of world.hosts) world.faults.set(host, fault);
      const lacking = uploadMethods[name].needs.filter((means) => means !== "artifact");
      const asked = world.deploy({
        ...opened.means,
        ...Object.fromEntries(lacking.map((means) => [means, undefined])),
      });
      if (lacking.length === 0) return expect((await asked).result).toBe("deployed");
      await expect(asked).rejects.toMatchObject({ problems: lacking.map(() => ({ code: "means-missing" })) });
      expect(calls.map((call) => call.name)).toEqual(["probe", "probe", "probe"]);
    });
  });
}

export function uploadsOf({ hosts }: Report): readonly Outcome[] {
  return hosts.flatMap(({ outcomes }) => outcomes.filter(({ step }) => step === "upload"));
}

export function methodsOf(report: Report): readonly (Method | undefined)[] {
  return uploadsOf(report).map(({ transfer }) => transfer?.method);
}
