import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { type Drifted, driftWords } from "@deploy/core";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { configure, drift, flip, markReady } from "../../src/index.ts";
import { makeHost, type Shell, type TestHost, treeOf } from "../host.ts";
import { deployed, fenceOf, receiveOf, releaseA, releaseB } from "../scenario.ts";

const hostile = "a\nf 644 1 0 0 0 .\u001b[31m//$(id)' \"x";

/** What somebody does by hand, and what is said of it: kind, path, more. */
const changes: readonly (readonly [string, (at: (path: string) => string) => void, readonly string[]])[] = [
  [
    "changed in place",
    (at) => appendFileSync(at("public/index.html"), "!"),
    ["changed", "public/index.html", ""],
  ],
  [
    "of the same size",
    (at) => writeFileSync(at("public/index.html"), "<p>two</p>\n"),
    ["changed", "public/index.html", ""],
  ],
  ["removed", (at) => rmSync(at("a b.txt")), ["gone", "a b.txt", ""]],
  ["a whole folder removed", (at) => rmSync(at("lib"), { recursive: true }), ["gone", "lib", ""]],
  ["added", (at) => writeFileSync(at("public/shell.php"), ""), ["extra", "public/shell.php", ""]],
  ["with another mode", (at) => chmodSync(at("bin/start"), 0o4777), ["mode", "bin/start", "755 4777"]],
  ["a folder's mode", (at) => chmodSync(at("public"), 0o777), ["mode", "public", "755 777"]],
  [
    "a link that leads elsewhere",
    (at) => relink(at("lib/self"), "/etc/pass wd"),
    ["link", "lib/self", "/etc/pass wd"],
  ],
  ["a shared link", (at) => relink(at("public/uploads"), "/tmp"), ["link", "public/uploads", "/tmp"]],
  ["a file for a link", (at) => replace(at("lib/self")), ["kind", "lib/self", "f"]],
  ["a link for a folder", (at) => relink(at("lib"), "/usr"), ["kind", "lib", "l"]],
  ["what says which release it is", (at) => appendFileSync(at("RELEASE"), "x"), ["changed", "RELEASE", ""]],
  [
    "a hostile name",
    (at) => writeFileSync(join(at("."), hostile.replaceAll("/", "_")), ""),
    ["extra", hostile.replaceAll("/", "_"), ""],
  ],
  ["a hostile target", (at) => relink(at("lib/self"), hostile), ["link", "lib/self", hostile]],
];

function relink(path: string, target: string): void {
  rmSync(path, { recursive: true });
  symlinkSync(target, path);
}

function replace(path: string): void {
  rmSync(path);
  writeFileSync(path, "");
}

export function driftSuite(shell: Shell): void {
  describe(`what was changed by hand on ${shell.name}`, () => {
    let host: TestHost;
    beforeEach(async () => {
      host = makeHost(shell);
      await deployed(host);
      liveSince("2020-01-01T00:00:00Z");
    });
    afterEach(() => host.remove());
    const at = (path: string) => join(host.base, "releases", releaseA, path);
    const look = (writes: readonly string[] = []) => host.ask(drift({ base: host.base, writes }));
    const told = ({ kind, path, more }: Drifted) => [kind, path, more];
    function liveSince(time: string): void {
      const file = join(host.base, ".deploy/journal.jsonl");
      const said = readFileSync(file, "utf8");
      writeFileSync(file, said.replaceAll(/(?<="time":")[^"]+/g, time));
    }

    test("a release as it was sent has nothing, and nothing is written", async () => {
      const before = treeOf(host.home, [".bin"]);
      expect(await look()).toEqual({ release: releaseA, drifted: [], more: 0 });
      expect(treeOf(host.home, [".bin"])).toEqual(before);
    });

    test.each(changes)("%s", async (_, change, expected) => {
      change(at);
      const { drifted } = await look();
      expect(drifted.map(told)).toEqual([expected]);
      const owner = expected[0] === "gone" ? "" : userInfo().username;
      const now = Date.now() / 1000;
      expect(drifted).toEqual([expect.objectContaining({ owner })]);
      expect(Math.abs((drifted[0]?.changed ?? 0) - now)).toBeLessThan(600);
    });

    test("an old time that came along is shown beside the host's own", async () => {
      writeFileSync(at("public/index.html"), "<p>two</p>\n");
      utimesSync(at("public/index.html"), 1e9, 1e9);
      const { drifted } = await look();
      expect(drifted).toEqual([expect.objectContaining({ modified: 1e9 })]);
      expect(driftWords([{ host: "web1", reached: true, release: releaseA, drifted, more: 0 }])).toEqual([
        expect.stringMatching(
          /^web1: public\/index.html was changed at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC, it belongs to \S+, its own time is 2001-09-09 01:46:40 UTC$/,
        ),
      ]);
    });

    test("what prepare commands did before the switch is nobody's hand", async () => {
      for (const [, change] of changes.slice(0, 3)) change(at);
      mkdirSync(at("node_modules/x"), { recursive: true });
      writeFileSync(at("node_modules/x/index.js"), "");
      liveSince("2100-01-01T00:00:00Z");
      expect(await look()).toEqual({ release: releaseA, drifted: [], more: 0 });
    });

    test("nor what they took away, whatever came into its folder since", async () => {
      const { command, payload } = receiveOf(host, releaseB, undefined, { ready: false });
      await host.ask(command, payload);
      for (const path of ["a b.txt", "lib"])
        rmSync(join(host.base, "releases", releaseB, path), { recursive: true });
      await host.ask(markReady({ fence: fenceOf(host), release: releaseB }));
      await host.ask(flip({ fence: fenceOf(host), expect: releaseA, to: releaseB, step: "activate" }));
      liveSince("2020-01-01T00:00:00Z");
      rmSync(join(host.base, "releases", releaseB, "bin/start"));
      expect((await look()).drifted.map(told)).toEqual([["gone", "bin/start", ""]]);
    });

    test("what the application writes itself is not told, by name or as Python's own", async () => {
      for (const folder of ["tmp/cache", "lib/__pycache__", "tmpfiles"])
        mkdirSync(at(folder), { recursive: true });
      for (const file of ["tmp/cache/1", "lib/__pycache__/a.pyc", "tmpfiles/1"]) writeFileSync(at(file), "");
      rmSync(at("bin/start"));
      const { drifted } = await look(["tmp", "bin/start"]);
      expect(drifted.map(told)).toEqual([["extra", "tmpfiles/1", ""]]);
    });

    test("a folder full of files is cut, and counted", async () => {
      for (let n = 0; n < 503; n++) writeFileSync(at(`public/${n}`), "");
      const { drifted, more } = await look();
      expect([drifted.length, more]).toEqual([500, 3]);
    });

    test("a pipe in a file's place is not read", async () => {
      rmSync(at("public/index.html"));
      execFileSync("mkfifo", [at("public/index.html")]);
      expect((await look()).drifted.map(({ kind, path }) => [kind, path])).toEqual([
        ["kind", "public/index.html"],
      ]);
    });

    test("without a manifest, or with one that was changed, nobody can tell", async () => {
      appendFileSync(join(host.base, ".deploy/manifests", releaseA), "f\t644\t0\t0\tx\n");
      expect(await look()).toMatchObject({ unknown: "damaged", drifted: [] });
      rmSync(join(host.base, ".deploy/manifests", releaseA));
      expect(await look()).toMatchObject({ unknown: "unlisted", drifted: [] });
    });

    test("a server's file is told with its time", async () => {
      mkdirSync(at("config"));
      writeFileSync(at("config/site"), "name\n");
      const files = [{ from: "config/site", to: "~/etc/site", level: "user" as const }];
      await host.ask(
        configure("put", { fence: fenceOf(host), release: releaseA, values: {}, drift: "stop", files }),
      );
      const seen = () => look(["config"]);
      expect((await seen()).drifted).toEqual([]);
      appendFileSync(join(host.home, "etc/site"), "by hand\n");
      expect((await seen()).drifted).toMatchObject([{ kind: "differs", path: "~/etc/site", server: true }]);
      rmSync(join(host.home, "etc/site"));
      expect((await seen()).drifted).toMatchObject([
        { kind: "gone", path: "~/etc/site", server: true, owner: "" },
      ]);
    });

    test("before the first deploy nothing is live", async () => {
      rmSync(host.base, { recursive: true });
      expect(await look()).toEqual({ release: null, drifted: [], more: 0 });
    });
  });
}
