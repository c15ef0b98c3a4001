import { spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { flip, type ReceiveOptions, type RsyncStageOptions, rsyncStage } from "../../src/index.ts";
import { makeHost, type Shell, type TestHost, treeOf } from "../host.ts";
import { deployed, fenceOf, receiveOf, releaseA, releaseB, releaseC, tree } from "../scenario.ts";
import { file, mtime, type Node, rosterOf } from "../stream.ts";

const plain = ["--server", "-lptrce.iLsfxCIvu", "--delete", "--stats", "--partial", ".", "./"];

/** Stands in for the real one: keeps its arguments and stdin, writes a file, ends as it is told. */
const fake = (version: string, code = 0) => `#!/bin/sh
[ "$1" != --version ] || { echo "${version}"; exit 0; }
printf '%s\\n' "$@" >"$HOME/asked"
cat >"$HOME/sent"
echo one >file
printf 'its bytes'
echo 'its words' >&2
exit ${code}
`;
const good = "rsync  version 3.2.7  protocol version 32";

export function rsyncSuite(shell: Shell): void {
  describe(`rsync on ${shell.name}`, () => {
    let host: TestHost;
    beforeEach(() => {
      host = makeHost(shell);
      install(fake(good));
    });
    afterEach(() => host.remove());
    const install = (script: string) => {
      const path = join(host.home, ".bin/rsync");
      rmSync(path, { force: true });
      writeFileSync(path, script, { mode: 0o755 });
    };
    const at = (path: string) => join(host.base, path);
    const stage = (release: string) => at(`.deploy/staging/${release}.rsync`);
    const staging = () => Object.keys(treeOf(at(".deploy/staging"))).slice(1);
    const of = (more: Partial<RsyncStageOptions> = {}) =>
      rsyncStage({ fence: fenceOf(host), release: releaseB, from: null, args: plain, ...more });

    test("stdin and stdout are rsync's own; what it wrote stays in staging", async () => {
      const command = of();
      const result = await host.exec(command, Buffer.from("\0raw\n"));
      expect(result).toMatchObject({ status: "exited", code: 0, stdout: "\n--deploy-begin--\nits bytes" });
      expect(result.status === "exited" && command.parse(result)).toEqual({ status: "received", linked: 0 });
      expect(readFileSync(join(host.home, "asked"), "utf8")).toBe(`${plain.join("\n")}\n`);
      expect(readFileSync(join(host.home, "sent"), "utf8")).toBe("\0raw\n");
      expect(treeOf(stage(releaseB))).toEqual({ ".": "700/", file: "600 one\n" });
    });

    test("a repetition finds what is there; other runs' folders are swept", async () => {
      await host.ask(of());
      writeFileSync(join(stage(releaseB), "half"), "of it");
      await host.ask(of());
      expect(staging()).toEqual([`${releaseB}.rsync`, `${releaseB}.rsync/file`, `${releaseB}.rsync/half`]);
      await host.ask(of({ release: releaseC }));
      expect(staging()).toEqual([`${releaseC}.rsync`, `${releaseC}.rsync/file`]);
    });

    test("the code of rsync counts", async () => {
      install(fake(good, 23));
      expect(await host.refused(of())).toEqual(["rsync-failed", "rsync on this host ended 23"]);
      expect(existsSync(stage(releaseB))).toBe(true);
    });

    // Elsewhere the machine's own is found.
    (shell.busybox === true || shell.without !== undefined ? test : test.skip)(
      "a host without it says so",
      async () => {
        rmSync(join(host.home, ".bin/rsync"));
        expect(await host.refused(of())).toEqual(["tool-missing", "rsync is not installed on this host"]);
      },
    );

    test.each([
      ["openrsync: protocol version 29", "openrsync: protocol version 29"],
      ["rsync  version 3.0.9  protocol version 30", "rsync  version 3.0.9  protocol version 30"],
      ["what?", "what?"],
    ])("%s is too old, and nothing is made", async (version, said) => {
      install(fake(version));
      const message = `rsync on this host is too old: ${said}`;
      expect(await host.refused(of())).toEqual(["rsync-unusable", message]);
      expect(existsSync(host.base)).toBe(false);
    });

    test("the other end may not ask for anything else, and nothing is made", async () => {
      const odd = [
        [["--server", "--sender", "-lptrc", ".", "./"], "--sender"],
        [["--daemon", "--server", ".", "./"], "--daemon"],
        [["--server", "-lptrc", "--log-file", "x", ".", "./"], "--log-file"],
        [["--server", "-lptrcK", ".", "./"], "-lptrcK"],
        [["--server", "-slptrc", ".", "./"], "-slptrc"],
        [["--server", "--inplace", ".", "./"], "--inplace"],
        [["--server", "-lptrc", ".", "/etc"], ". /etc"],
        [["--server", "-lptrc", ".", "./", "x"], "."],
        [["--server", "--copy-dest", "../../../releases/x", ".", "./"], "--copy-dest ../../../releases/x"],
        [["--server", "x", "-lptrc", ".", "./"], "x"],
      ] as const;
      for (const [args, named] of odd) {
        const message = `the runner's rsync asks for something that it was not told to: ${named}`;
        expect(await host.refused(of({ args }))).toEqual(["argument-refused", message]);
      }
      expect(existsSync(host.base)).toBe(false);
    });

    test("reuses a release that is whole, and no other", async () => {
      const reusing = (from: string) => {
        const dest = ["--link-dest", `../../../releases/${from}`];
        return of({ from, args: ["--server", "-lprc", ...dest, ".", "./"] });
      };
      await deployed(host);
      const gone = (from: string) => [
        "base-changed",
        `release ${from}, which this upload builds on, is not there as a whole`,
      ];
      expect(await host.refused(reusing(releaseC))).toEqual(gone(releaseC));
      mkdirSync(at(`releases/${releaseC}`));
      expect(await host.refused(reusing(releaseC))).toEqual(gone(releaseC));
      mkdirSync(stage(releaseB));
      linkSync(at(`releases/${releaseA}/a b.txt`), join(stage(releaseB), "a b.txt"));
      expect(await host.ask(reusing(releaseA))).toEqual({ status: "received", linked: 1 });
      expect(readFileSync(`${stage(releaseB)}.from`, "utf8")).toBe(`${releaseA}\n`);
      await host.ask(of());
      expect(existsSync(`${stage(releaseB)}.from`)).toBe(false);
    });

    test("a release that is there is answered, and nothing is left in staging", async () => {
      await deployed(host);
      mkdirSync(stage(releaseA));
      expect(await host.ask(of({ release: releaseA }))).toEqual({ status: "already", linked: 0 });
      expect([staging(), existsSync(join(host.home, "asked"))]).toEqual([[], false]);
    });

    test("a run that was overtaken is fenced", async () => {
      await host.ask(of({ fence: fenceOf(host, 5, "run-2") }));
      expect(await host.refused(of())).toEqual([
        "fenced",
        "token 5 of run-2 was adopted here, ours is 1 of run-1",
      ]);
    });

    test("a planted folder is refused: a link, a file, one that others may write to", async () => {
      await deployed(host);
      const path = stage(releaseB);
      symlinkSync(host.home, path);
      expect(await host.refused(of())).toEqual(["path-unsafe", `${path} is not a folder`]);
      rmSync(path);
      writeFileSync(path, "");
      expect(await host.refused(of())).toEqual(["path-unsafe", `${path} is not a folder`]);
      rmSync(path);
      mkdirSync(path);
      chmodSync(path, 0o770);
      expect(await host.refused(of())).toEqual(["path-unsafe", `${path} may be written to by others`]);
      chmodSync(path, 0o702);
      expect(await host.refused(of())).toEqual(["path-unsafe", `${path} may be written to by others`]);
      rmSync(path, { recursive: true });
      rmSync(at(".deploy/staging"), { recursive: true });
      symlinkSync(host.home, at(".deploy/staging"));
      expect(await host.refused(of())).toEqual(["path-unsafe", `${at(".deploy/staging")} is a link`]);
    });

    test("an attempt whose end nobody saw is ended first, also one that does not want to", async () => {
      await deployed(host);
      mkdirSync(stage(releaseB));
      const stubborn = spawn("/bin/sh", ["-c", "trap '' TERM; echo up; while :; do sleep 0.05; done"], {
        cwd: stage(releaseB),
        stdio: ["ignore", "pipe", "ignore"],
      });
      await new Promise((resolve) => stubborn.stdout.once("data", resolve));
      const ended = new Promise((resolve) => stubborn.once("exit", (_, signal) => resolve(signal)));
      expect(await host.ask(of())).toEqual({ status: "received", linked: 0 });
      expect(await ended).toBe("SIGKILL");
    });

    describe("what was staged becomes the release", () => {
      const put = (nodes: Readonly<Record<string, Node>>) => {
        for (const [path, node] of Object.entries(nodes)) {
          const target = join(stage(releaseB), path);
          mkdirSync(dirname(target), { recursive: true });
          if (node.type === "link") symlinkSync(node.target, target);
          else if (node.type === "directory") mkdirSync(target, { recursive: true });
          else writeFileSync(target, node.text);
          if (node.type !== "link") chmodSync(target, node.mode ?? 0o755);
          if (node.type === "file") utimesSync(target, mtime, mtime);
        }
        chmodSync(stage(releaseB), 0o755);
      };
      const received = (more: Partial<ReceiveOptions> = {}) =>
        receiveOf(host, releaseB, rosterOf(tree), { source: "staged", ...more });

      test("as it is, verified whole", async () => {
        await deployed(host);
        put(tree);
        const { command, payload } = received();
        expect(await host.ask(command, payload)).toEqual({ status: "received", state: "ready" });
        const own = { RELEASE: `644 ${releaseB}\n` };
        expect(treeOf(at(`releases/${releaseB}`))).toEqual({ ...treeOf(at(`releases/${releaseA}`)), ...own });
        expect(staging()).toEqual([]);
      });

      test("with links to the release before, where these were asked for", async () => {
        await deployed(host);
        const shared = ["a b.txt", "bin/start"];
        put(Object.fromEntries(Object.entries(tree).filter(([path]) => !shared.includes(path))));
        for (const path of shared) {
          mkdirSync(dirname(join(stage(releaseB), path)), { recursive: true });
          linkSync(at(`releases/${releaseA}/${path}`), join(stage(releaseB), path));
        }
        writeFileSync(`${stage(releaseB)}.from`, `${releaseA}\n`);
        const later = { mtime: mtime + 100, unchanged: "link" as const };
        const { command, payload } = received(later);
        expect(await host.ask(command, payload)).toEqual({ status: "received", state: "ready" });
        const stat = (path: string) => lstatSync(at(`releases/${releaseB}/${path}`));
        expect(["a b.txt", "lib/über.js", "lib/self"].map((path) => stat(path).mtimeMs / 1000)).toEqual([
          mtime,
          mtime + 100,
          mtime + 100,
        ]);
        expect([stat("a b.txt").nlink, stat("lib/über.js").nlink]).toEqual([2, 1]);
      });

      test("never with links to anything else", async () => {
        await deployed(host);
        put(tree);
        linkSync(join(stage(releaseB), "a b.txt"), at("shared/mine"));
        const refusal = [
          "stream-refused",
          `the upload of ${releaseB} was refused: not a plain file, or with special permissions: a b.txt`,
        ];
        writeFileSync(`${stage(releaseB)}.from`, `${releaseA}\n`);
        const { command, payload } = received({ unchanged: "link" });
        expect(await host.refused(command, payload)).toEqual(refusal);
        expect([existsSync(at(`releases/${releaseB}`)), staging()]).toEqual([false, []]);
      });

      test("never where a file is not what was packed, be it of the same size and time", async () => {
        await deployed(host);
        put({ ...tree, "lib/über.js": file("2") });
        const { command, payload } = received();
        const difference = `release ${releaseB} is not what was packed; first difference: lib/über.js`;
        expect(await host.refused(command, payload)).toEqual(["stream-damaged", difference]);
        expect([existsSync(at(`releases/${releaseB}`)), staging()]).toEqual([false, []]);
      });

      test("never without: and what another way leaves behind is swept", async () => {
        await deployed(host);
        const { command, payload } = received();
        expect(await host.refused(command, payload)).toEqual([
          "stream-refused",
          `the upload of ${releaseB} was refused: nothing was staged for it`,
        ]);
        put(tree);
        const sent = receiveOf(host, releaseB);
        await host.ask(sent.command, sent.payload);
        expect(staging()).toEqual([]);
        await host.ask(flip({ fence: fenceOf(host), expect: releaseA, to: releaseB, step: "activate" }));
      });
    });
  });
}
