import {
  appendFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import {
  carriedIn,
  finish,
  flip,
  markReady,
  probe,
  type RequiredFiles,
  runUserCommand,
  type UserCommand,
} from "../../src/index.ts";
import { makeHost, type Shell, type TestHost } from "../host.ts";
import { deployed, fenceOf, receiveOf, releaseA, releaseB, releaseC, tree } from "../scenario.ts";
import { file, streamOf } from "../stream.ts";

const required: RequiredFiles = {
  key: "a".repeat(64),
  digest: "b".repeat(64),
  reads: ["lock"],
  tools: ["tool --version"],
  makes: ["deps", "vendor/more"],
  unchanged: "copy",
};

/** Counts its runs, and makes what installers make: folders, modes, links. */
const install = `echo >>"$DEPLOY_TO/ran"; mkdir -p deps/.bin deps/a vendor/more && cat lock >deps/a/of && chmod 750 deps/a &&
  ln -s ../a/of deps/.bin/of && echo more >vendor/more/x`;

export function carrySuite(shell: Shell): void {
  describe(`what a command made is carried over on ${shell.name}`, () => {
    let host: TestHost;
    beforeEach(async () => {
      host = makeHost(shell);
      host.program("tool", "echo tool 1");
      await deployed(host);
      mkdirSync(at("shared"), { recursive: true });
      writeFileSync(at("shared/app.env"), "A=1\n");
      writeFileSync(at(`releases/${releaseA}/lock`), "one\n");
      expect(await made(releaseA)).toEqual([0, {}]);
    });
    afterEach(() => host.remove());

    const at = (path: string) => join(host.base, path);
    const runs = () => readFileSync(at("ran"), "utf8").length;
    const received = async (release: string, lock = "one\n") => {
      const stream = streamOf({ ...tree, lock: file(lock) });
      const { command, payload } = receiveOf(host, release, stream, { ready: false });
      await host.ask(command, payload);
    };
    const execute = (release: string, more: Partial<UserCommand> = {}) =>
      host.exec(
        runUserCommand({
          fence: fenceOf(host),
          release,
          directory: "release",
          run: install,
          envFile: "app.env",
          step: "prepare",
          required,
          ...more,
        }),
      );
    const made = async (release: string, more: Partial<UserCommand> = {}) => {
      const result = await execute(release, more);
      return result.status === "exited" ? [result.code, carriedIn(result)] : [result.status, {}];
    };
    const reused = (from: string, since = from) => [
      0,
      { reused: { from, since, seconds: expect.any(Number) } },
    ];
    const isWhole = (release: string, lock = "one\n") => {
      const root = at(`releases/${release}`);
      expect(readdirSync(join(root, "deps")).sort()).toEqual([".bin", "a"]);
      expect(readFileSync(join(root, "deps/.bin/of"), "utf8")).toBe(lock);
      expect(readlinkSync(join(root, "deps/.bin/of"))).toBe("../a/of");
      expect(lstatSync(join(root, "deps/a")).mode & 0o777).toBe(0o750);
      expect(readFileSync(join(root, "vendor/more/x"), "utf8")).toBe("more\n");
      expect(existsSync(join(root, ".deploy-carried"))).toBe(false);
    };
    const inode = (path: string) => lstatSync(at(path)).ino;

    test("where nothing changed, as a copy; and from there again, with the release in which it ran", async () => {
      await received(releaseB);
      expect(await made(releaseB)).toEqual(reused(releaseA));
      isWhole(releaseB);
      expect(inode(`releases/${releaseB}/deps/a/of`)).not.toBe(inode(`releases/${releaseA}/deps/a/of`));
      await received(releaseC);
      rmSync(at(`.deploy/made/${releaseA}`), { recursive: true });
      expect(await made(releaseC)).toEqual(reused(releaseB, releaseA));
      isWhole(releaseC);
      expect(runs()).toBe(1);
      const { releases } = await host.ask(probe({ base: host.base, sharedFiles: [], journal: 1 }));
      const told = { key: required.key, reads: required.digest, since: releaseA };
      expect(releases.map(({ id, made: of }) => [id, of])).toEqual([
        [releaseA, undefined],
        [releaseB, [told]],
        [releaseC, [told]],
      ]);
    });

    test("as hard links, where that is asked for", async () => {
      await received(releaseB);
      expect(await made(releaseB, { required: { ...required, unchanged: "link" } })).toEqual(
        reused(releaseA),
      );
      isWhole(releaseB);
      expect(inode(`releases/${releaseB}/deps/a/of`)).toBe(inode(`releases/${releaseA}/deps/a/of`));
    });

    const changes: Readonly<Record<string, () => unknown>> = {
      "another tool": () => host.program("tool", "echo tool 2"),
      "a tool that fails": () => host.program("tool", "exit 1"),
      "another environment file": () => appendFileSync(at("shared/app.env"), "B=2\n"),
      "what it made was written into": () => appendFileSync(at(`releases/${releaseA}/deps/a/of`), "x"),
      "something was put beside it": () => writeFileSync(at(`releases/${releaseA}/deps/cache`), "x"),
      "what it made is gone": () => rmSync(at(`releases/${releaseA}/vendor`), { recursive: true }),
      "what it made is a link by now": () => {
        rmSync(at(`releases/${releaseA}/deps`), { recursive: true });
        symlinkSync("/etc", at(`releases/${releaseA}/deps`));
      },
      "a copy that stops half way and says nothing": () => host.program("cp", "exit 0"),
      "a record that was cut": () => writeFileSync(at(`.deploy/made/${releaseA}/${required.key}`), "1 b"),
    };
    test.each(Object.entries(changes))("%s: it is run", async (_, change) => {
      await received(releaseB);
      change();
      expect(await made(releaseB)).toEqual([0, {}]);
      isWhole(releaseB);
      expect(runs()).toBe(2);
    });

    test.each([
      ["other files are read", "two\n", {}],
      ["the one who asks knows other files", "one\n", { digest: "c".repeat(64) }],
      ["another command", "one\n", { key: "c".repeat(64) }],
    ])("%s: it is run", async (_, lock, more) => {
      await received(releaseB, lock);
      expect(await made(releaseB, { required: { ...required, ...more } })).toEqual([0, {}]);
      isWhole(releaseB, lock);
      expect(runs()).toBe(2);
    });

    test("a command that fails, and one whose tools do not tell, leave no record", async () => {
      await received(releaseB, "two\n");
      expect(await made(releaseB, { run: `${install}; exit 3` })).toEqual([3, {}]);
      await received(releaseC, "two\n");
      host.program("tool", "exit 1");
      expect(await made(releaseC)).toEqual([0, {}]);
      expect(readdirSync(at(".deploy/made"))).toEqual([releaseA]);
      expect(runs()).toBe(3);
    });

    test("killed while it copies, it is right the next time", async () => {
      await received(releaseB);
      host.program("cp", 'for to; do :; done; mkdir -p "$to/a"; kill -KILL "$PPID"');
      expect((await made(releaseB))[0]).not.toBe(0);
      expect(existsSync(at(`releases/${releaseB}/.deploy-carried/deps/a`))).toBe(true);
      expect(existsSync(at(`releases/${releaseB}/deps`))).toBe(false);
      rmSync(join(host.home, ".bin/cp"));
      if (shell.busybox === true) symlinkSync(shell.sh, join(host.home, ".bin/cp"));
      expect(await made(releaseB)).toEqual(reused(releaseA));
      isWhole(releaseB);
    });

    test.each([
      ["a program", 'printf "#!%s/deps/python" "$PWD" >deps/.bin/start', "./deps/.bin/start"],
      ["a link", 'ln -s "$PWD/lock" deps/absolute', "./deps/absolute"],
    ])("%s that names its own folder is told, and it is made anew each time", async (_, more, path) => {
      await received(releaseB, "two\n");
      expect(await made(releaseB, { run: `${install}; ${more}` })).toEqual([
        0,
        { bound: expect.stringContaining(path) },
      ]);
      expect(existsSync(at(`.deploy/made/${releaseB}`))).toBe(false);
    });

    test("a release that goes takes its records along, and the one made from it stays", async () => {
      await received(releaseB);
      await made(releaseB);
      const fence = fenceOf(host);
      await host.ask(markReady({ fence, release: releaseB }));
      await host.ask(flip({ fence, expect: releaseA, to: releaseB, step: "activate" }));
      await host.ask(finish({ fence, release: releaseB, bad: null, removals: [releaseA] }));
      expect(readdirSync(at(".deploy/made"))).toEqual([releaseB]);
      isWhole(releaseB);
    });
  });
}
