import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { join } from "node:path";
import { until } from "@deploy/testkit";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  type ArmedFlip,
  armedWatcher,
  armFlip,
  type FlipOptions,
  goLine,
  lockRenew,
  type RemoteCommand,
  render,
} from "../../src/index.ts";
import { makeHost, type Shell, type TestHost, treeOf } from "../host.ts";
import { deployed, fenceOf, receiveOf, releaseA, releaseB, releaseC } from "../scenario.ts";
import { file, streamOf } from "../stream.ts";

export function armedSuite(shell: Shell): void {
  describe(`an armed flip on ${shell.name}`, () => {
    let host: TestHost;
    // Made once: what stands down leaves everything as it was.
    beforeAll(async () => {
      host = makeHost(shell);
      await deployed(host);
      const { command, payload } = receiveOf(host, releaseB, streamOf({ b: file("b") }));
      await host.ask(command, payload);
    });
    afterAll(() => host.remove());
    const at = (path: string) => join(host.base, path);
    const target = () => (existsSync(at("current")) ? readlinkSync(at("current")) : undefined);
    const options = (): FlipOptions => ({
      fence: fenceOf(host),
      expect: releaseA,
      to: releaseB,
      step: "activate",
    });
    const stateOf = (id: string) => JSON.parse(readFileSync(at(`.deploy/releases/${id}.json`), "utf8")).state;

    test.each([
      ["the end of stdin", ""],
      ["half a line", "go"],
      ["another line", "gone\n"],
    ])("by %s it stands down, and nothing is left of it", async (_, text) => {
      const before = treeOf(host.base);
      const running = start(host, armFlip(options()));
      await running.armed;
      running.stdin.end(text);
      expect(await running.answer).toEqual({ status: "stood-down" });
      expect(treeOf(host.base)).toEqual(before);
    });

    test("stands down by itself, though stdin stays open", async () => {
      const before = treeOf(host.base);
      const running = start(host, armFlip(options(), 1));
      await running.armed;
      expect(await running.answer).toEqual({ status: "stood-down" });
      expect(treeOf(host.base)).toEqual(before);
    });

    test("what cannot be switched is refused before it is armed", async () => {
      const wrong = start(host, armFlip({ ...options(), expect: releaseC }));
      expect(await wrong.answer).toEqual(["current-changed", expect.any(String)]);
      const missing = start(host, armFlip({ ...options(), to: releaseC }));
      expect(await missing.answer).toEqual(["release-missing", expect.any(String)]);
      const none = start(host, armFlip({ ...options(), to: null }));
      expect(await none.answer).toEqual(["argument-refused", expect.any(String)]);
      expect([wrong.isArmed(), missing.isArmed(), none.isArmed()]).toEqual([false, false, false]);
    });

    test("keeps everybody else out while it is armed, and lets them in when it is ended", async () => {
      const first = start(host, armFlip(options()));
      await first.armed;
      const second = start(host, armFlip(options()));
      const renewed = host.ask(lockRenew({ fence: fenceOf(host), lease: 600, phase: "activate" }));
      expect(await Promise.race([second.armed, renewed, pause(300)])).toBe("paused");
      first.kill("SIGTERM");
      await second.armed;
      expect([await first.answer, target()]).toEqual(["143", `releases/${releaseA}`]);
      expect(readdirSync(at(".deploy"))).toContain("current");
      second.stdin.end();
      expect([await second.answer, await renewed]).toEqual([{ status: "stood-down" }, { token: 1 }]);
    });

    test("is told to go: it renames, verifies and records", async () => {
      const running = start(host, armFlip(options()));
      await running.armed;
      expect(target()).toBe(`releases/${releaseA}`);
      running.stdin.end(goLine);
      expect(await running.answer).toEqual({ status: "switched" });
      expect([target(), stateOf(releaseB)]).toEqual([`releases/${releaseB}`, "active"]);
      const last = readFileSync(at(".deploy/journal.jsonl"), "utf8").trim().split("\n").at(-1) ?? "";
      expect(JSON.parse(last)).toMatchObject({
        from: releaseA,
        to: releaseB,
        step: "activate",
        result: "ok",
      });
      expect(existsSync(at(".deploy/current"))).toBe(false);
    });

    test("what is live already does not wait", async () => {
      const running = start(host, armFlip(options()));
      expect([await running.answer, running.isArmed()]).toEqual([{ status: "already" }, false]);
    });

    test("a first release is armed, too", async () => {
      rmSync(at("current"));
      const running = start(host, armFlip({ ...options(), expect: null }));
      await running.armed;
      expect(target()).toBe(undefined);
      running.stdin.end(goLine);
      expect([await running.answer, target()]).toEqual([{ status: "switched" }, `releases/${releaseB}`]);
    });

    test("leaves no process behind", async () => {
      const told = start(host, armFlip({ ...options(), expect: releaseB, to: releaseA }));
      await told.armed;
      told.kill("SIGKILL");
      await told.answer;
      await until("their end", () => processes().length === 0);
    });

    /** Of this host: by the folder they were started in. */
    const processes = (): readonly string[] =>
      readdirSync("/proc").filter((pid) => {
        try {
          return readlinkSync(`/proc/${pid}/cwd`) === host.home;
        } catch {
          return false;
        }
      });
  });
}

type Refused = readonly [code: string, message: string];

/** Starts a command and keeps its stdin open. */
function start(host: TestHost, command: RemoteCommand<ArmedFlip>) {
  const { line, input } = render(command);
  const child = spawn("/bin/sh", ["-c", `exec ${line}`], { env: host.env, cwd: host.home, stdio: "pipe" });
  let armed = false;
  let stdout = "";
  const seen = new Promise<void>((resolve) => {
    const watch = armedWatcher(() => {
      armed = true;
      resolve();
    });
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      watch(text);
    });
  });
  child.stderr.resume();
  child.stdin.on("error", () => undefined);
  child.stdin.write(input);
  const answer = new Promise<ArmedFlip | Refused | string>((resolve) => {
    child.once("close", (code, signal) => {
      if (code === null) return resolve(`ended by ${signal}`);
      if (code > 128) return resolve(String(code));
      try {
        resolve(command.parse({ status: "exited", code, stdout, stderr: "", dropped: 0 }));
      } catch (error) {
        const { code: word, message } = (error as { problem: { code: string; message: string } }).problem;
        resolve([word, message]);
      }
    });
  });
  return {
    armed: seen,
    isArmed: () => armed,
    stdin: child.stdin,
    answer,
    kill: (signal: NodeJS.Signals) => void child.kill(signal),
  };
}

const pause = (milliseconds: number) =>
  new Promise<string>((resolve) => setTimeout(() => resolve("paused"), milliseconds));
