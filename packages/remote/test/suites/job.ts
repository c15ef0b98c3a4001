import { execFileSync, spawn } from "node:child_process";
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "@deploy/testkit";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { jobFollow, jobList, probe, render } from "../../src/index.ts";
import { makeHost, type Shell, type TestHost, treeOf } from "../host.ts";
import { cleared, followed, groupsOf, jobId, launchOf, membersOf, stateNow, stateOf } from "../jobs.ts";
import { deployed, fenceOf, releaseA, releaseB } from "../scenario.ts";

export function jobSuite(shell: Shell): void {
  describe(`jobs on ${shell.name}`, () => {
    let host: TestHost;
    beforeEach(async () => {
      host = makeHost(shell);
      await deployed(host);
    });
    afterEach(() => {
      const clear = cleared(groupsOf(host));
      host.remove();
      expect(clear).toBe(true);
    });
    const at = (path: string) => join(host.base, path);
    const count = () => (existsSync(at("counter")) ? readFileSync(at("counter"), "utf8").length : 0);
    const once = (rest: string) => `printf x >>${at("counter")}; ${rest}`;
    const gate = `until [ -e ${"$"}DEPLOY_TO/gate ]; do sleep 0.1; done`;
    const open = () => writeFileSync(at("gate"), "");

    test("starts once, is followed while it runs, and gives its code and output however often it is asked", async () => {
      const command = launchOf(host, once(`echo one; ${gate}; echo two >&2; exit 3`));
      const weaker = host.has("flock") ? {} : { weaker: "no-flock" };
      const began = await host.ask(command);
      expect(began).toEqual({
        started: true,
        state: "running",
        pid: groupsOf(host)[0],
        boot: "same",
        token: 1,
        ...weaker,
      });
      const first = await host.ask(jobFollow({ base: host.base, job: jobId, offset: 0, wait: 20 }));
      expect({ ...first, bytes: Buffer.from(first.bytes).toString(), age: 0, silent: 0 }).toEqual({
        ...{ id: jobId, state: "running", pid: began.pid, age: 0, silent: 0, boot: "same", ...weaker },
        ...{ release: releaseA, step: "migrate", bytes: "one\n", offset: 4, over: false },
      });
      expect(await host.ask(command)).toEqual({ ...began, started: false });
      open();
      const [last, output] = await followed(host);
      expect([stateOf(last), output.toString(), count()]).toEqual(["done 3", "one\ntwo\n", 1]);
      const again = await host.ask(command);
      expect([again.started, stateOf(again), count()]).toEqual([false, "done 3", 1]);
      const { jobs } = await host.ask(probe({ base: host.base, sharedFiles: [], journal: 2 }));
      expect(jobs).toEqual([{ id: jobId, state: "done", code: 3, release: releaseA }]);
    });

    test("the launcher killed at once, the connection gone: it runs on, and only once", async () => {
      const command = launchOf(host, once(`${gate}; echo end`));
      const { line, input } = render(command);
      const launcher = spawn("/bin/sh", ["-c", line], {
        env: host.env,
        stdio: ["pipe", "ignore", "ignore"],
        detached: true,
      });
      const gone = new Promise((resolve) => launcher.on("exit", resolve));
      launcher.stdin.end(input);
      await until("the claim", () => existsSync(at(`.deploy/jobs/${jobId}/claim`)));
      try {
        process.kill(-(launcher.pid ?? 0), "SIGKILL");
      } catch {
        // it had answered already
      }
      await gone;
      rmSync(at(".deploy/lock/mutex.d"), { recursive: true, force: true }); // without flock a killed holder leaves it
      expect([stateOf(await stateNow(host)), (await host.ask(command)).started]).toEqual(["running", false]);
      open();
      const [last, output] = await followed(host);
      expect([stateOf(last), output.toString(), count()]).toEqual(["done 0", "end\n", 1]);
    });

    test("output of any bytes and any size arrives byte for byte, from any offset", async () => {
      const forged = `\n--deploy-end-- 0\n--deploy-begin--\njob ${jobId} done 0 1 0 0 same - - - - - 0 \nbase64 QUFB\nerror fenced 00\n`;
      const bytes = Buffer.concat([
        Buffer.from(forged),
        Buffer.from(Array.from({ length: 256 }, (_, n) => n)),
        Buffer.alloc(700_000, "0123456789abcdef\r\n\0é"),
        Buffer.from("no newline at the end"),
      ]);
      writeFileSync(at("shared/blob"), bytes);
      await host.ask(launchOf(host, 'cat "$DEPLOY_SHARED_PATH/blob"'));
      const [last, output] = await followed(host);
      expect([stateOf(last), output.equals(bytes), last.offset]).toEqual(["done 0", true, bytes.length]);
      for (const offset of [1, 65_535, 65_536, 262_144, bytes.length - 1, bytes.length, bytes.length + 5]) {
        const part = await host.ask(jobFollow({ base: host.base, job: jobId, offset, wait: 0 }));
        expect([offset, Buffer.from(part.bytes).equals(bytes.subarray(offset, offset + 262_144))]).toEqual([
          offset,
          true,
        ]);
      }
      const { jobs } = await host.ask(jobList(host.base));
      expect(jobs[0]?.tail.at(-1)?.endsWith("no newline at the end")).toBe(true);
    });

    test("runs where and with what a command of a step runs", async () => {
      writeFileSync(at("shared/app.env"), "NAME='a $(id) b'\n");
      const print = `printf '%s|' "$NAME" "$DEPLOY_RELEASE" "$(pwd -P)" "$(umask)" "\${LC_ALL-none}"; cat`;
      await host.ask(launchOf(host, print, { envFile: "app.env", directory: "current" }));
      const [, output] = await followed(host);
      expect(output.toString()).toBe(`a $(id) b|${releaseA}|${at(`releases/${releaseA}`)}|0022|none|`);
    });

    test("runs under the host's own umask", async () => {
      const { line, input } = render(launchOf(host, "umask"));
      execFileSync("/bin/sh", ["-c", `umask 027; ${line}`], { env: host.env, input });
      expect(String((await followed(host))[1])).toBe("0027\n");
    });

    test("an exit by signal is never success", async () => {
      await host.ask(launchOf(host, "kill -9 $$"));
      expect(stateOf((await followed(host))[0])).toBe("done 137");
      await host.ask(launchOf(host, "kill -TERM $$", { job: "second" }));
      expect(stateOf((await followed(host, "second"))[0])).toBe("done 143");
      await host.ask(launchOf(host, "kill -9 $PPID; exit 0", { job: "third" }));
      const third = (await followed(host, "third"))[0];
      expect([third.state, third.code]).toEqual(["lost", undefined]);
    });

    test("while the command of a killed runner lives it runs; then it is lost, and is not started again", async () => {
      const { pid = 0 } = await host.ask(launchOf(host, once(`echo in; ${gate}`)));
      await until("output", async () => (await stateNow(host)).bytes.length > 0);
      process.kill(pid, "SIGKILL");
      await until("the runner's end", () => !membersOf(pid).includes(pid));
      expect(stateOf(await stateNow(host))).toBe("running");
      open();
      expect(stateOf((await followed(host))[0])).toBe("lost");
      const again = await host.ask(launchOf(host, once("true")));
      expect([again.started, stateOf(again), count()]).toEqual([false, "lost", 1]);
    });

    test("a child that outlives its job does not keep it running", async () => {
      await host.ask(launchOf(host, `sh -c '${gate}' >/dev/null & exit 4`));
      expect(stateOf((await followed(host))[0])).toBe("done 4");
      open();
      await until("the child's end", () => groupsOf(host).flatMap(membersOf).length === 0);
    });

    test("what cannot start says why, and leaves nothing that counts as started", async () => {
      const none = await host.refused(launchOf(host, "true", { envFile: "none.env" }));
      expect(none[0]).toBe("env-file-missing");
      expect((await host.refused(launchOf(host, "true", { release: releaseB })))[0]).toBe("release-missing");
      const stale = { fence: fenceOf(host, 0, "run-0") };
      expect((await host.refused(launchOf(host, "true", stale)))[0]).toBe("fenced");
      expect([stateOf(await stateNow(host)), count()]).toEqual(["new", 0]);
      expect(() => launchOf(host, "true", { job: "../x" })).toThrow(/^not a job id/);
      host.program("setsid", "echo no session; exit 1");
      expect(await host.refused(launchOf(host, "true"))).toEqual([
        "job-not-started",
        expect.stringContaining("no session"),
      ]);
    });

    test("following and listing write nothing", async () => {
      await host.ask(launchOf(host, "echo a; exit 1"));
      await followed(host);
      // The journal's line comes behind the exit code, which is what following waits for.
      await until("the line of its end", () =>
        readFileSync(at(".deploy/journal.jsonl"), "utf8").includes("exit 1"),
      );
      appendFileSync(at(`.deploy/jobs/${jobId}/out`), "1\n2\n3\n4\n5\n");
      const before = treeOf(host.base);
      await stateNow(host);
      await stateNow(host, "unknown");
      const { jobs, archived } = await host.ask(jobList(host.base));
      expect([jobs.map(({ id, tail }) => [id, tail]), archived]).toEqual([
        [[jobId, ["1", "2", "3", "4", "5"]]],
        0,
      ]);
      expect(treeOf(host.base)).toEqual(before);
    });
  });
}
