import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "@deploy/testkit";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { jobEnd, jobList, jobSettle, probe } from "../../src/index.ts";
import { makeHost, type Shell, type TestHost, treeOf } from "../host.ts";
import { cleared, followed, groupsOf, jobId, launchOf, membersOf, stateNow, stateOf } from "../jobs.ts";
import { deployed, fenceOf } from "../scenario.ts";

export function jobEndsSuite(shell: Shell): void {
  describe(`ends of jobs on ${shell.name}`, () => {
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
    const file = (name: string) => at(`.deploy/jobs/${jobId}/${name}`);
    const end = (grace: number, fence = fenceOf(host)) => jobEnd({ fence, job: jobId, grace });
    const settle = (as: "retry" | "done", job = jobId) => jobSettle({ fence: fenceOf(host), job, as });
    const begun = async (run: string) => {
      await host.ask(launchOf(host, `echo begun; ${run}`));
      await until("its first output", async () => (await stateNow(host)).bytes.length > 0);
    };
    const ran = async (run: string) => {
      await host.ask(launchOf(host, run));
      return (await followed(host))[0];
    };

    test("TERM reaches the whole group, and the end is told as such", async () => {
      await begun("sleep 300 | sleep 300; echo never");
      const ended = await host.ask(end(20));
      expect([stateOf(ended), ended.note, ended.by]).toEqual(["done 143", "ended", "run-1"]);
      expect(groupsOf(host).flatMap(membersOf)).toEqual([]);
      expect(stateOf(await host.ask(end(20)))).toBe("done 143");
    });

    test("a command that takes TERM for a good end did not end well", async () => {
      await begun("trap 'exit 0' TERM; while :; do sleep 0.1; done");
      expect(stateOf(await host.ask(end(20)))).toBe("done 143");
    });

    test("a command that ignores TERM is killed after the grace", async () => {
      await begun("trap '' TERM; while :; do sleep 0.1; done");
      const ended = await host.ask(end(1));
      expect([stateOf(ended), ended.note]).toEqual(["done 137", "ended"]);
      expect(groupsOf(host).flatMap(membersOf)).toEqual([]);
    });

    test("a job that ended by itself is not ended again, an unknown one neither", async () => {
      expect(stateOf(await host.ask(end(1)))).toBe("new");
      await ran("exit 5");
      expect(await host.ask(end(1))).toMatchObject({ state: "done", code: 5 });
    });

    test("a failed job may run again once a person says so; the old record stays", async () => {
      await ran("echo first; exit 1");
      expect(await host.ask(settle("retry"))).toEqual({ changed: true });
      expect(await host.ask(settle("retry"))).toEqual({ changed: false });
      expect(stateOf(await stateNow(host))).toBe("new");
      expect(stateOf(await ran("echo second; exit 2"))).toBe("done 2");
      await host.ask(settle("retry"));
      const folders = readdirSync(at(".deploy/jobs"));
      expect(folders.sort()).toEqual([`${jobId}~1`, `${jobId}~2`]);
      expect(readFileSync(at(`.deploy/jobs/${jobId}~1/out`), "utf8")).toBe("first\n");
      expect(await host.ask(jobList(host.base))).toEqual({ jobs: [], archived: 2 });
    });

    test("a lost job is resolved as done, with who said so", async () => {
      await ran("kill -9 $PPID");
      expect(stateOf(await stateNow(host))).toBe("lost");
      expect(await host.ask(settle("done"))).toEqual({ changed: true });
      expect(await host.ask(settle("done"))).toEqual({ changed: false });
      expect(await stateNow(host)).toMatchObject({ state: "done", code: 0, note: "resolved", by: "run-1" });
      expect((await host.ask(launchOf(host, "touch again"))).started).toBe(false);
      expect((await host.refused(settle("retry")))[0]).toBe("job-done");
    });

    test("nothing is settled while it runs, or where there is none", async () => {
      expect((await host.refused(settle("done")))[0]).toBe("job-missing");
      expect((await host.refused(settle("retry")))[0]).toBe("job-missing");
      await begun("sleep 300");
      for (const as of ["retry", "done"] as const) {
        const [code, message] = await host.refused(settle(as));
        expect([code, message.includes(`process ${groupsOf(host)[0]}`)]).toEqual(["job-running", true]);
      }
      await host.ask(end(20));
    });

    test("a lower token ends, settles and starts nothing", async () => {
      await begun("sleep 300");
      const before = treeOf(at(".deploy/jobs"));
      const fence = fenceOf(host, 0, "run-0");
      const changes = [
        jobEnd({ fence, job: jobId, grace: 1 }),
        jobSettle({ fence, job: jobId, as: "done" }),
        launchOf(host, "touch ran", { fence, job: "other" }),
      ];
      for (const command of changes)
        expect([command.name, (await host.refused(command))[0]]).toEqual([command.name, "fenced"]);
      expect(treeOf(at(".deploy/jobs"))).toEqual(before);
      await host.ask(end(20));
    });

    test("after another boot it is lost, whatever process has its number now", async () => {
      await begun("sleep 300");
      const claim = readFileSync(file("claim"), "utf8");
      const words = claim.split(" ");
      writeFileSync(file("claim"), [...words.slice(0, 3), "another-boot", ...words.slice(4)].join(" "));
      expect(await stateNow(host)).toMatchObject({ state: "lost", boot: "other" });
      expect((await host.ask(launchOf(host, "touch ran"))).started).toBe(false);
      writeFileSync(file("claim"), claim);
      await host.ask(end(20));
    });

    test.each([
      "",
      "1",
      "1 0",
      "1 0 1700000000 - -",
      "garbage",
      "1 x 1 - - .",
      "1 256 1 - - .",
      "1 0 1 - - . .",
      "\0\0",
    ])("an exit code of %j is none: lost, never success", async (text) => {
      await ran("true");
      writeFileSync(file("rc"), text);
      const found = await stateNow(host);
      expect([found.state, found.code, found.damaged]).toEqual(["lost", undefined, true]);
      expect((await host.ask(launchOf(host, "touch ran"))).state).toBe("lost");
      expect(await host.ask(settle("done"))).toEqual({ changed: true });
      expect(stateOf(await stateNow(host))).toBe("done 0");
    });

    test("a cut claim or meta is no reason to run again", async () => {
      await ran("true");
      rmSync(file("rc"));
      for (const [name, text] of [
        ["claim", ""],
        ["claim", "1 47"],
        ["claim", "x"],
        ["meta", ""],
      ] as const) {
        writeFileSync(file(name), text);
        expect([name, text, (await host.ask(launchOf(host, "touch ran"))).state]).toEqual([
          name,
          text,
          "lost",
        ]);
      }
      rmSync(file("claim"));
      mkdirSync(file("claim"));
      expect((await host.ask(launchOf(host, "touch ran"))).state).toBe("lost");
      expect(await host.ask(settle("retry"))).toEqual({ changed: true });
    });

    test.each(["rc", "claim", "meta"])("a %s of another version is refused, not guessed", async (name) => {
      await ran("true");
      rmSync(file("rc"));
      writeFileSync(file(name), "2 0 something new .\n");
      for (const command of [launchOf(host, "touch ran"), settle("retry"), settle("done"), end(1)])
        expect([command.name, (await host.refused(command))[0]]).toEqual([command.name, "state-version"]);
      const { jobs } = await host.ask(probe({ base: host.base, sharedFiles: [], journal: 0 }));
      expect(jobs?.map(({ id, state }) => [id, state])).toEqual([[jobId, "foreign"]]);
      expect(existsSync(at(`releases/${jobId}/ran`))).toBe(false);
    });

    test("a folder that was left before the start is started in", async () => {
      mkdirSync(at(`.deploy/jobs/${jobId}`), { recursive: true });
      writeFileSync(file("meta"), "1 cut");
      writeFileSync(file("out"), "rest");
      await host.ask(launchOf(host, "echo new"));
      const [last, output] = await followed(host);
      expect([stateOf(last), output.toString()]).toEqual(["done 0", "new\n"]);
    });

    test("strange names among the jobs are no jobs", async () => {
      await ran("true");
      for (const name of ["a b", "$(id)", "x~y", "--deploy-end-- 0", "n\nl"])
        mkdirSync(at(`.deploy/jobs/${name}`));
      writeFileSync(at(".deploy/jobs/file"), "");
      const { jobs } = await host.ask(probe({ base: host.base, sharedFiles: [], journal: 0 }));
      expect(jobs?.map(({ id }) => id)).toEqual([jobId]);
      expect((await host.ask(jobList(host.base))).jobs.map(({ id }) => id)).toEqual([jobId]);
    });
  });
}
