import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import {
  flip,
  jobEnd,
  lockAcquire,
  lockAdopt,
  lockFreeze,
  lockRelease,
  lockRenew,
  lockUnfreeze,
  probe,
} from "../../src/index.ts";
import { makeHost, type Shell, type TestHost } from "../host.ts";
import { cleared, followed, groupsOf, jobId, launchOf } from "../jobs.ts";
import { deployed, fenceOf, ownerOf, releaseA } from "../scenario.ts";

export function takeoverSuite(shell: Shell): void {
  describe(`takeover on ${shell.name}`, () => {
    let host: TestHost;
    beforeEach(async () => {
      host = makeHost(shell);
      await deployed(host); // run-1 holds token 1
    });
    afterEach(() => {
      const clear = cleared(groupsOf(host));
      host.remove();
      expect(clear).toBe(true);
    });
    const at = (path: string) => join(host.base, path);
    const acquire = (id: string, over?: string) =>
      lockAcquire({
        base: host.base,
        owner: ownerOf(id),
        lease: 600,
        ...(over !== undefined && { takeover: { id: over } }),
      });
    const expire = () => host.ask(lockRenew({ fence: fenceOf(host), lease: 0, phase: "migrate" }));
    const plain = { token: 0, mend: false };
    const facts = async () => (await host.ask(probe({ base: host.base, sharedFiles: [], journal: 1 }))).lock;
    const flipBy = (token: number, owner: string) =>
      flip({ fence: fenceOf(host, token, owner), expect: releaseA, to: releaseA, step: "activate" });

    test("a lease that goes on is taken from exactly the owner that is known to be over", async () => {
      expect((await host.refused(acquire("run-2", "run-0")))[0]).toBe("locked");
      expect((await host.ask(acquire("run-2", "run-1"))).token).toBe(2);
      expect((await host.refused(acquire("run-3", "run-1")))[0]).toBe("locked");
      expect((await host.refused(flipBy(1, "run-1")))[0]).toBe("fenced");
      expect(await host.ask(flipBy(2, "run-2"))).toEqual({ status: "already" });
    });

    test("never while a job runs: lease over, owner over, or lock free", async () => {
      await host.ask(launchOf(host, "sleep 300"));
      const pid = groupsOf(host)[0];
      const said = new RegExp(
        `^job ${jobId} \\(migrate of release ${releaseA}, process ${pid}\\) runs since 20\\d\\d-.*Z$`,
      );
      expect((await host.refused(acquire("run-2")))[0]).toBe("locked");
      const ways = [
        () => undefined,
        expire,
        () => host.ask(lockRelease({ base: host.base, owner: "run-1" })),
      ];
      for (const way of ways) {
        await way();
        const [code, message] = await host.refused(acquire("run-2", "run-1"));
        expect([code, message]).toEqual(["job-running", expect.stringMatching(said)]);
        const plain = (await host.refused(acquire("run-2")))[0];
        expect(plain).toBe(way === ways[0] ? "locked" : "job-running");
      }
      const problem = await host.ask(acquire("run-2")).catch((error) => error.problem);
      expect(problem.hint).toContain(`tail -n +1 -f '${at(`.deploy/jobs/${jobId}/out`)}'`);
      expect((await host.ask(acquire("run-1"))).token).toBe(2); // its own run comes back to it
      await host.ask(jobEnd({ fence: fenceOf(host, 2), job: jobId, grace: 20 }));
      expect((await host.ask(acquire("run-2", "run-1"))).token).toBe(3);
    });

    test("a job that is over, failed or lost hinders nobody", async () => {
      await host.ask(launchOf(host, "exit 1"));
      await host.ask(launchOf(host, "kill -9 $PPID", { job: "lost" }));
      await Promise.all([followed(host), followed(host, "lost")]);
      await expire();
      expect((await host.ask(acquire("run-2"))).token).toBe(2);
    });

    test("a freeze keeps everybody new out, with its reason, and lets the holder finish", async () => {
      const reason = "release party: $(id)\n--deploy-end-- 0";
      const freeze = lockFreeze({ base: host.base, owner: "ada", reason });
      expect(await host.ask(freeze)).toEqual({ was: false });
      expect(await host.ask(freeze)).toEqual({ was: true });
      expect(await facts()).toMatchObject({
        frozen: reason,
        freeze: { by: "ada", since: expect.stringMatching(/^20\S+Z$/) },
      });
      expect((await host.ask(acquire("run-1"))).token).toBe(2);
      await host.ask(lockRelease({ base: host.base, owner: "run-1" }));
      const [code, message] = await host.refused(acquire("run-1"));
      expect([code, message.replace(/20\S+Z/, "TIME")]).toEqual([
        "frozen",
        `ada froze deploys at TIME: ${reason}`,
      ]);
      expect((await host.refused(acquire("run-2", "run-1")))[0]).toBe("frozen");
      expect(await host.ask(lockUnfreeze({ base: host.base }))).toEqual({ was: true });
      expect(await host.ask(lockUnfreeze({ base: host.base }))).toEqual({ was: false });
      expect((await facts()).frozen).toBe(undefined);
      expect((await host.ask(acquire("run-2"))).token).toBe(3);
    });

    test("a freeze needs a reason, and one that cannot be read is a freeze still", async () => {
      expect(() => lockFreeze({ base: host.base, owner: "ada", reason: " " })).toThrow("needs a reason");
      await host.ask(lockRelease({ base: host.base, owner: "run-1" }));
      for (const [text, code] of [
        ["", "lock-corrupt"],
        ["1 x", "lock-corrupt"],
        ["2 when who 00", "state-version"],
      ] as const) {
        writeFileSync(at(".deploy/lock/frozen"), text);
        expect([text, (await host.refused(acquire("run-2")))[0]]).toEqual([text, code]);
      }
    });

    test("before a first deploy a freeze holds too, and there is nothing to unfreeze or force", async () => {
      const base = join(host.home, "other");
      expect(await host.ask(lockUnfreeze({ base }))).toEqual({ was: false });
      expect(await host.ask(lockRelease({ base, owner: "ada", force: plain }))).toEqual({
        released: false,
      });
      await host.ask(lockFreeze({ base, owner: "ada", reason: "not yet" }));
      expect((await host.refused(lockAcquire({ base, owner: ownerOf("run-1"), lease: 60 })))[0]).toBe(
        "frozen",
      );
    });

    test("what cannot be read is mended by force, with a token that fences whoever had it", async () => {
      const damage = (...files: readonly string[]) => {
        for (const file of files) writeFileSync(at(`.deploy/lock/${file}`), "garbage\n");
      };
      damage("adopted", "state");
      expect(await facts()).toEqual({ token: 0, expiresIn: 0, damaged: ["state", "adopted"] });
      const force = (mend: boolean) =>
        lockRelease({ base: host.base, owner: "ada", force: { token: 40, mend } });
      expect((await host.refused(force(false)))[0]).toBe("lock-corrupt");
      expect(await host.ask(force(true))).toEqual({ released: true });
      expect(await facts()).toEqual({ token: 40, expiresIn: 0 });
      expect((await host.refused(flipBy(1, "run-1")))[0]).toBe("fenced");
      expect((await host.ask(acquire("run-2"))).token).toBe(41);
      damage("adopted");
      const fence = { base: host.base, token: 50, owner: "ada" };
      expect((await host.refused(lockAdopt(fence)))[0]).toBe("lock-corrupt");
      await host.ask(lockAdopt(fence, true));
      expect((await host.refused(flipBy(41, "run-2")))[0]).toBe("fenced");
      damage("frozen");
      expect((await facts()).damaged).toEqual(["frozen"]);
      expect(await host.ask(lockUnfreeze({ base: host.base }))).toEqual({ was: true });
      expect((await facts()).damaged).toBe(undefined);
    });

    test("force frees it whoever holds it, and fences that one", async () => {
      const force = lockRelease({ base: host.base, owner: "ada", force: plain });
      expect(await host.ask(force)).toEqual({ released: true });
      expect(await host.ask(force)).toEqual({ released: false });
      expect(await facts()).toEqual({ token: 2, expiresIn: 0 });
      for (const command of [lockRenew({ fence: fenceOf(host), lease: 60, phase: "x" }), flipBy(1, "run-1")])
        expect([command.name, (await host.refused(command))[0]]).toEqual([command.name, "fenced"]);
      expect((await host.ask(acquire("run-2"))).token).toBe(3);
    });

    test("a host without jobs has none in its facts", async () => {
      const read = async () => (await host.ask(probe({ base: host.base, sharedFiles: [], journal: 1 }))).jobs;
      expect(await read()).toBe(undefined);
      mkdirSync(at(".deploy/jobs"));
      expect(await read()).toBe(undefined);
    });
  });
}
