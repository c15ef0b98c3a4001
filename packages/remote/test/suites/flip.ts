import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { current, type Fence, type FlipOptions, finish, flip, markReady } from "../../src/index.ts";
import { makeHost, type Shell, type TestHost, treeOf } from "../host.ts";
import { deployed, fenceOf, receiveOf, releaseA, releaseB, releaseC } from "../scenario.ts";
import { file, streamOf } from "../stream.ts";

export function flipSuite(shell: Shell): void {
  describe(`flip and finish on ${shell.name}`, () => {
    let host: TestHost;
    beforeEach(async () => {
      host = makeHost(shell);
      await deployed(host);
      const { command, payload } = receiveOf(host, releaseB, streamOf({ b: file("b") }));
      await host.ask(command, payload);
    });
    afterEach(() => host.remove());
    const at = (path: string) => join(host.base, path);
    const target = () => (existsSync(at("current")) ? readlinkSync(at("current")) : undefined);
    const stateOf = (id: string) =>
      JSON.parse(readFileSync(at(`.deploy/releases/${id}.json`), "utf8")).state as string;
    const setState = (id: string, state: string) => {
      const path = at(`.deploy/releases/${id}.json`);
      writeFileSync(path, readFileSync(path, "utf8").replace(/"state":"[a-z]*"/, `"state":"${state}"`));
    };
    const flipOf = (
      expected: string | null,
      to: string | null,
      step: FlipOptions["step"] = "activate",
      fence: Fence = fenceOf(host),
    ) => flip({ fence, expect: expected, to, step });

    test("switches by rename, relatively, once", async () => {
      expect(await host.ask(flipOf(releaseA, releaseB))).toEqual({ status: "switched" });
      expect([target(), stateOf(releaseA), stateOf(releaseB)]).toEqual([
        `releases/${releaseB}`,
        "good",
        "active",
      ]);
      expect(await host.ask(flipOf(releaseA, releaseB))).toEqual({ status: "already" });
      expect(await host.ask(current(host.base))).toEqual({ kind: "release", release: releaseB });
      const lines = readFileSync(at(".deploy/journal.jsonl"), "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
      expect(lines.at(-1)).toEqual({
        time: expect.stringMatching(/Z$/),
        ...{ run: "run-1", token: 1, from: releaseA, to: releaseB, step: "activate", result: "ok" },
      });
      expect(Object.keys(treeOf(at(".deploy"))).filter((path) => path.startsWith("switch"))).toEqual([]);
    });

    test.each([
      ["public/uploads", "activate", "ready", (path: string) => mkdirSync(path)],
      [".env", "rollback", "good", (path: string) => writeFileSync(path, "A=1")],
      ["log", "activate", "ready", () => undefined],
      ["log", "activate", "ready", (path: string) => symlinkSync("/var/log", path)],
    ] as const)("what took the place of the link %s stops %s of a release that is %s", async (...row) => {
      const [path, step, state, put] = row;
      setState(releaseB, "partial");
      const replaced = at(`releases/${releaseB}/${path}`);
      rmSync(replaced);
      put(replaced);
      const refusal = ["shared-replaced", `${replaced} is no longer the link to ${at(`shared/${path}`)}`];
      expect(await host.refused(markReady({ fence: fenceOf(host), release: releaseB }))).toEqual(refusal);
      expect(stateOf(releaseB)).toBe("partial");
      setState(releaseB, state);
      expect(await host.refused(flipOf(releaseA, releaseB, step))).toEqual(refusal);
      expect(target()).toBe(`releases/${releaseA}`);
      expect(await host.ask(flipOf(releaseA, releaseB, "revert"))).toEqual({ status: "switched" });
    });

    test("a link that leads there by another way counts", async () => {
      rmSync(at(`releases/${releaseB}/log`));
      symlinkSync(at("shared/log"), at(`releases/${releaseB}/log`));
      expect(await host.ask(flipOf(releaseA, releaseB))).toEqual({ status: "switched" });
    });

    test("compares before it swaps", async () => {
      expect(await host.refused(flipOf(null, releaseB))).toEqual([
        "current-changed",
        `current is ${releaseA}, expected nothing`,
      ]);
      expect(await host.refused(flipOf(releaseC, releaseB))).toEqual([
        "current-changed",
        `current is ${releaseA}, expected ${releaseC}`,
      ]);
      expect(await host.refused(flipOf(releaseB, null, "revert"))).toEqual([
        "current-changed",
        `current is ${releaseA}, expected ${releaseB}`,
      ]);
      expect(target()).toBe(`releases/${releaseA}`);
    });

    test.each<readonly [FlipOptions["step"], string, string]>([
      ["activate", "partial", "release-not-ready"],
      ["activate", "bad", "release-not-ready"],
      ["activate", "good", "ok"],
      ["rollback", "ready", "release-not-ready"],
      ["rollback", "bad", "release-not-ready"],
      ["rollback", "good", "ok"],
      ["revert", "partial", "release-not-ready"],
      ["revert", "bad", "ok"],
    ])("%s to a release that is %s: %s", async (step, state, expected) => {
      setState(releaseB, state);
      expect((await host.refused(flipOf(releaseA, releaseB, step)))[0]).toBe(expected);
    });

    test("a missing release, or a link in its place, is refused", async () => {
      expect((await host.refused(flipOf(releaseA, releaseC)))[0]).toBe("release-missing");
      symlinkSync(releaseB, at(`releases/${releaseC}`));
      expect((await host.refused(flipOf(releaseA, releaseC)))[0]).toBe("release-missing");
    });

    test("revert goes back, marks what it leaves, and may remove the first link", async () => {
      await host.ask(flipOf(releaseA, releaseB));
      expect(await host.ask(flipOf(releaseB, releaseA, "revert"))).toEqual({ status: "switched" });
      // Live, and proved anew before it is good again.
      expect([target(), stateOf(releaseA), stateOf(releaseB)]).toEqual([
        `releases/${releaseA}`,
        "active",
        "bad",
      ]);
      expect(await host.ask(flipOf(releaseB, releaseA, "revert"))).toEqual({ status: "already" });
      expect(await host.ask(flipOf(releaseA, null, "revert"))).toEqual({ status: "switched" });
      expect([target(), stateOf(releaseA), await host.ask(current(host.base))]).toEqual([
        undefined,
        "bad",
        { kind: "none" },
      ]);
      expect(await host.ask(flipOf(releaseA, null, "revert"))).toEqual({ status: "already" });
    });

    test("a run killed between rename and record is made whole by the next", async () => {
      rmSync(at("current"));
      symlinkSync(`releases/${releaseB}`, at("current"));
      mkdirSync(at(".deploy/switch.1"));
      expect(stateOf(releaseB)).toBe("ready");
      expect(await host.ask(flipOf(releaseA, releaseB))).toEqual({ status: "already" });
      expect(stateOf(releaseB)).toBe("active");
    });

    test("a directory, a file and a link elsewhere are named and left alone", async () => {
      rmSync(at("current"));
      mkdirSync(at("current"));
      expect(await host.refused(flipOf(null, releaseB))).toEqual([
        "current-unusable",
        `${at("current")} is a directory, not a link`,
      ]);
      expect(await host.ask(current(host.base))).toEqual({ kind: "directory" });
      rmSync(at("current"), { recursive: true });
      symlinkSync("/etc", at("current"));
      expect((await host.refused(flipOf(null, releaseB)))[0]).toBe("current-unusable");
      expect(await host.ask(current(host.base))).toEqual({ kind: "foreign", target: "/etc" });
      rmSync(at("current"));
      writeFileSync(at("current"), "");
      expect(await host.ask(current(host.base))).toEqual({ kind: "foreign", target: "(not a link)" });
    });

    test("a broken link is known by name: expected it is replaced, unexpected it stays", async () => {
      rmSync(at("current"));
      symlinkSync("releases/20200101000000", at("current"));
      expect(await host.ask(current(host.base))).toEqual({
        kind: "dangling",
        target: "releases/20200101000000",
      });
      for (const step of [
        flipOf(null, releaseB),
        flipOf(releaseA, null, "revert"),
        flipOf(null, null, "revert"),
      ]) {
        expect((await host.refused(step))[0]).toBe("current-changed");
      }
      expect(await host.ask(flipOf("20200101000000", releaseB))).toEqual({ status: "switched" });
    });

    test("another tool's absolute link is compared by where it leads, and becomes relative", async () => {
      renameSync(at(`releases/${releaseA}`), at("releases/20240101120000"));
      rmSync(at("current"));
      symlinkSync(at("releases/20240101120000"), at("current"));
      expect(await host.ask(current(host.base))).toEqual({ kind: "release", release: "20240101120000" });
      expect(await host.ask(flipOf("20240101120000", releaseB))).toEqual({ status: "switched" });
      expect(target()).toBe(`releases/${releaseB}`);
      expect(await host.ask(flipOf(releaseB, "20240101120000", "rollback"))).toEqual({ status: "switched" });
      expect(target()).toBe("releases/20240101120000");
    });

    test("what was live and never proved is not called good by the finish of another, unless it was elsewhere", async () => {
      await host.ask(flipOf(releaseA, releaseB));
      await host.ask(flipOf(releaseB, releaseA));
      const done = { fence: fenceOf(host), release: releaseA, bad: null, removals: [] };
      await host.ask(finish(done));
      expect(stateOf(releaseB)).toBe("active");
      await host.ask(finish({ ...done, proved: [releaseB] }));
      expect(stateOf(releaseB)).toBe("good");
    });

    test("finish records what was proved and removes, but never what is live", async () => {
      await host.ask(flipOf(releaseA, releaseB));
      setState(releaseA, "active");
      mkdirSync(at("releases/20200101000000/deep"), { recursive: true });
      symlinkSync("/etc", at("releases/20200101000000/deep/etc"));
      symlinkSync(host.home, at("releases/20200102000000"));
      writeFileSync(at("releases/20200103000000"), "");
      mkdirSync(at("releases/20200104000000/locked"), { recursive: true, mode: 0o500 });
      const done = finish({
        fence: fenceOf(host),
        release: releaseB,
        bad: null,
        removals: [
          "20200101000000",
          "20200102000000",
          "20200103000000",
          "20200104000000",
          releaseB,
          "20190101000000",
        ],
      });
      expect(await host.ask(done)).toMatchObject({
        removed: ["20200101000000", "20200104000000", "20190101000000"],
        kept: [
          { release: "20200102000000", because: "it is a link" },
          { release: "20200103000000", because: "it is not a directory" },
          { release: releaseB, because: "it is live" },
        ],
        stuck: [],
      });
      expect([stateOf(releaseA), stateOf(releaseB), existsSync(host.home)]).toEqual(["good", "good", true]);
      expect(existsSync(at("releases/20200101000000"))).toBe(false);
      expect(treeOf(at(".deploy/trash"))).toEqual({ ".": "700/" });
    });

    test("a release in which a process lives stays, and the process is named", async () => {
      const old = "20200101000000";
      mkdirSync(at(`releases/${old}/deep`), { recursive: true });
      const stale = spawn("sleep", ["1000"], { cwd: at(`releases/${old}/deep`) });
      await once(stale, "spawn");
      const done = finish({ fence: fenceOf(host), release: releaseA, bad: null, removals: [old] });
      const { pid } = stale;
      expect(await host.ask(done)).toMatchObject({
        removed: [],
        kept: [{ release: old, because: `process ${pid} (sleep) lives in it` }],
        stale: [{ release: old, pid: `${pid}`, program: "sleep" }],
      });
      stale.kill();
      await once(stale, "exit");
      expect(await host.ask(done)).toMatchObject({ removed: [old], kept: [], stale: [] });
    });

    test("what could not be deleted is told with its owner, by this run and by later ones", async () => {
      const old = "20200101000000-stuck";
      mkdirSync(at(`releases/${old}`));
      host.program("id", "echo 4242");
      host.program("rm", `case "$*" in *-stuck.*) echo "rm: $3" >&2; exit 1;; esac; exec /bin/rm "$@"`);
      const { username, uid } = userInfo();
      const options = { fence: fenceOf(host), release: releaseA, bad: null };
      const told = (path: string) => ({
        release: old,
        because: `it left releases/, but not all of ${path} could be deleted: rm: ${path}; ${path} belongs to ${username} (uid ${uid}), who or root can remove it`,
      });
      const first = await host.ask(finish({ ...options, removals: [old] }));
      const [left = ""] = readdirSync(at(".deploy/trash"));
      const path = at(`.deploy/trash/${left}`);
      expect(first).toMatchObject({ removed: [], kept: [], stuck: [told(path)], unseen: true });
      expect(await host.ask(finish({ ...options, removals: [] }))).toEqual(first);
    });

    test("finish marks what a rollback leaves, and removes a release with its records", async () => {
      await host.ask(flipOf(releaseA, releaseB));
      await host.ask(flipOf(releaseB, releaseA, "rollback"));
      await host.ask(finish({ fence: fenceOf(host), release: releaseA, bad: releaseB, removals: [] }));
      expect([stateOf(releaseA), stateOf(releaseB)]).toEqual(["good", "bad"]);
      await host.ask(finish({ fence: fenceOf(host), release: releaseA, bad: null, removals: [releaseB] }));
      const left = [
        `releases/${releaseB}`,
        `.deploy/releases/${releaseB}.json`,
        `.deploy/manifests/${releaseB}`,
      ];
      expect(left.map((path) => existsSync(at(path)))).toEqual([false, false, false]);
      const wrong = finish({ fence: fenceOf(host), release: releaseB, bad: null, removals: [] });
      expect(await host.refused(wrong)).toEqual([
        "current-changed",
        `current is ${releaseA}, expected ${releaseB}`,
      ]);
    });

    test("a record of another version is refused, not guessed", async () => {
      writeFileSync(at(`.deploy/releases/${releaseB}.json`), '{"schema":2,"state":"ready"}\n');
      expect((await host.refused(flipOf(releaseA, releaseB)))[0]).toBe("state-version");
      expect(target()).toBe(`releases/${releaseA}`);
    });
  });
}
