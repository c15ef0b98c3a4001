import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { RemoteCommand } from "../../src/index.ts";
import {
  backup,
  finish,
  flip,
  lockAcquire,
  lockAdopt,
  lockRelease,
  lockRenew,
  markReady,
  probe,
  runUserCommand,
} from "../../src/index.ts";
import { makeHost, type Shell, type TestHost, treeOf } from "../host.ts";
import { deployed, fenceOf, ownerOf, receiveOf, releaseA, releaseB } from "../scenario.ts";

export function lockSuite(shell: Shell): void {
  describe(`lock on ${shell.name}`, () => {
    let host: TestHost;
    beforeEach(() => {
      host = makeHost(shell);
    });
    afterEach(() => host.remove());
    const mutex = makeMutex(shell);
    const at = (path: string) => join(host.base, path);
    const acquire = (id: string, lease = 600, floor?: number) =>
      lockAcquire({ base: host.base, owner: ownerOf(id), lease, ...(floor !== undefined && { floor }) });
    const release = (owner: string, token?: number) =>
      lockRelease({ base: host.base, owner, ...(token !== undefined && { token }) });
    const read = async () => (await host.ask(probe({ base: host.base, sharedFiles: [], journal: 1 }))).lock;

    test("is taken, renewed with a phase, and released; the token only rises", async () => {
      expect(await host.ask(acquire("run-1"))).toEqual({ token: 1, mutex });
      expect(await host.ask(lockRenew({ fence: fenceOf(host), lease: 900, phase: "migrate" }))).toEqual({
        token: 1,
      });
      const owner = { ...ownerOf("run-1"), actor: "dependabot_bot_", phase: "migrate" };
      expect(await read()).toEqual({ token: 1, owner, expiresIn: expect.any(Number) });
      expect(await host.ask(acquire("run-1"))).toEqual({ token: 2, mutex });
      expect(await host.ask(release("run-1", 2))).toEqual({ released: true });
      expect(await host.ask(release("run-1", 2))).toEqual({ released: false });
      expect(await read()).toEqual({ token: 2, expiresIn: 0 });
      expect(await host.ask(acquire("run-2", 600, 40))).toEqual({ token: 41, mutex });
      expect(readFileSync(at(".deploy/lock/state"), "utf8")).toMatch(
        /^1 41 \d+ run-2 acme\/shop 4711 1 dependabot_bot_ 4f2a91c0 prepare\n$/,
      );
    });

    test("held by another it is refused by name; once its lease is over it is taken and the old one fenced", async () => {
      await host.ask(acquire("run-1"));
      const [code, message] = await host.refused(acquire("run-2"));
      expect([code, message.replace(/\d+ s more/, "N s more")]).toEqual([
        "locked",
        "run 4711 (attempt 1) of acme/shop, started by dependabot_bot_, holds the lock in phase prepare, for N s more unless renewed",
      ]);
      expect((await host.refused(release("run-2")))[0]).toBe("fenced");
      await host.ask(lockRenew({ fence: fenceOf(host), lease: 0, phase: "prepare" }));
      expect(await host.ask(acquire("run-2"))).toEqual({ token: 2, mutex });
      expect((await host.refused(lockRenew({ fence: fenceOf(host), lease: 600, phase: "x" })))[0]).toBe(
        "fenced",
      );
      expect((await host.refused(release("run-1", 1)))[0]).toBe("fenced");
    });

    test.each([
      ["", "lock-corrupt"],
      ["garbage\n", "lock-corrupt"],
      ["1 x 5 a b c d e f g\n", "lock-corrupt"],
      ["1 3 5 a b c\n", "lock-corrupt"],
      ["1 3 5 a b c d e f g h\n", "lock-corrupt"],
      ["1 9007199254740990 5 a b c d e f g\n", "lock-corrupt"],
      ["1 3 99999999999999999999 a b c d e f g\n", "lock-corrupt"],
      ["2 3 5 a b c d e f g\n", "state-version"],
    ])("a state of %j is no free lock but %s", async (text, code) => {
      mkdirSync(at(".deploy/lock"), { recursive: true, mode: 0o700 });
      writeFileSync(at(".deploy/lock/state"), text);
      expect((await host.refused(acquire("run-1")))[0]).toBe(code);
      expect((await host.refused(release("run-1")))[0]).toBe(code);
      expect(readFileSync(at(".deploy/lock/state"), "utf8")).toBe(text);
    });

    test("a host adopts the highest token, and every change of a lower one is refused", async () => {
      await deployed(host);
      const stale = fenceOf(host, 1, "run-1");
      await host.ask(
        runUserCommand({
          fence: fenceOf(host, 7, "run-7"),
          release: releaseA,
          directory: "release",
          run: "true",
          step: "reload",
        }),
      );
      const before = treeOf(host.base);
      const changes = (fence: typeof stale): readonly RemoteCommand<unknown>[] => [
        receiveOf(host, releaseB, undefined, { fence }).command,
        runUserCommand({ fence, release: releaseA, directory: "release", run: "touch ran", step: "migrate" }),
        flip({ fence, expect: releaseA, to: null, step: "revert" }),
        markReady({ fence, release: releaseA }),
        finish({ fence, release: releaseA, bad: null, removals: [] }),
        backup({
          fence,
          release: releaseA,
          source: { database: "command", run: "echo x", verify: "true" },
          keep: 1,
        }),
        lockRenew({ fence, lease: 60, phase: "x" }),
      ];
      for (const fence of [stale, fenceOf(host, 7, "run-8")]) {
        for (const command of changes(fence))
          expect([command.name, (await host.refused(command))[0]]).toEqual([command.name, "fenced"]);
      }
      expect(treeOf(host.base)).toEqual(before);
    });

    test("a token that no shell can compare lets nobody through, and is never adopted", async () => {
      await deployed(host);
      const adopted = at(".deploy/lock/adopted");
      const huge = "1 99999999999999999999 run-9\n";
      for (const text of [huge, "1 9007199254740990 run-9\n"]) {
        writeFileSync(adopted, text);
        const stale = flip({ fence: fenceOf(host, 1, "run-1"), expect: releaseA, to: null, step: "revert" });
        expect([(await host.refused(stale))[0], (await host.refused(acquire("run-2")))[0]]).toEqual([
          "lock-corrupt",
          "lock-corrupt",
        ]);
        expect(readFileSync(adopted, "utf8")).toBe(text);
      }
      writeFileSync(adopted, "1 1 run-1\n");
      const absurd = lockAdopt(fenceOf(host, 2 ** 53 - 2, "run-9"));
      expect((await host.refused(absurd))[0]).toBe("argument-refused");
      expect(readFileSync(adopted, "utf8")).toBe("1 1 run-1\n");
    });

    test("nothing but acquire and receive makes folders", async () => {
      expect(await host.ask(release("run-1"))).toEqual({ released: false });
      expect(
        (await host.refused(flip({ fence: fenceOf(host), expect: null, to: null, step: "revert" })))[0],
      ).toBe("deploy-to-missing");
      expect(existsSync(host.base)).toBe(false);
    });
  });
}

/** Which mutex this host can have. */
function makeMutex(shell: Shell): string {
  const host = makeHost(shell);
  host.remove();
  return host.has("flock") ? "flock" : "mkdir";
}
