import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { finish, flip, lockAcquire, type ReceiveOptions } from "../../src/index.ts";
import { makeHost, type Shell, type TestHost, treeOf } from "../host.ts";
import { fenceOf, ownerOf, receiveOf, releaseA, releaseB, releaseC, tree } from "../scenario.ts";
import { directory, file, streamOf } from "../stream.ts";

const first = { ...tree, src: directory(), "src/a.js": file("aaaa"), "src/b.js": file("bbbb") };
const second = { ...first, "public/index.html": file("<p>two</p>\n") };
const kept = ["a b.txt", "bin/start", "lib/über.js", "src/a.js", "src/b.js"];
const sent = ["public/index.html"];
type How = Pick<ReceiveOptions, "unchanged" | "verify">;
const link: How = { unchanged: "link" };

export function marksSuite(shell: Shell): void {
  describe(`what was verified before on ${shell.name}`, () => {
    let host: TestHost;
    beforeEach(async () => {
      host = makeHost(shell);
      spyOnHashes(host);
      // Some ticks of the coarsest clock that a kernel has, between the last file and its marks.
      if (!shell.busybox) host.program("sync", "sleep 0.05");
      await host.ask(lockAcquire({ base: host.base, owner: ownerOf("run-1"), lease: 600 }));
      await received(releaseA, null, streamOf(first));
      await live(null, releaseA);
    });
    afterEach(() => host.remove());
    const at = (path: string) => join(host.base, path);
    const marks = (release = releaseA) => at(`.deploy/releases/${release}.marks`);

    /** What it answers, and which files of the tree it hashed. */
    async function received(
      release: string,
      from: string | null,
      stream = streamOf(second, kept),
      how: How = {},
    ) {
      rmSync(join(host.home, "hashed"), { force: true });
      const { command, payload } = receiveOf(host, release, stream, { from, ...how });
      const answer = await host.refused(command, payload);
      return { answer: answer[0] === "ok" ? "ok" : answer, hashed: hashedOn(host) };
    }

    async function live(from: string | null, release: string, removals: readonly string[] = []) {
      await host.ask(flip({ fence: fenceOf(host), expect: from, to: release, step: "activate" }));
      await host.ask(finish({ fence: fenceOf(host), release, bad: null, removals }));
    }

    const all = { answer: "ok", hashed: [...kept, ...sent].sort() };
    /** Without nanoseconds nothing is believed. */
    const changedOnly = shell.busybox ? all : { answer: "ok", hashed: sent };
    const refused = (path: string, release = releaseA) => ({
      answer: ["base-changed", `${path} in release ${release} is not as it was deployed`],
      hashed: expect.arrayContaining([path]),
    });

    test.each<[string, How]>([
      ["copied", {}],
      ["linked", link],
    ])("is not hashed again where it is %s, release after release", async (_, how) => {
      expect(await received(releaseB, releaseA, undefined, how)).toEqual(changedOnly);
      const made = treeOf(at(`releases/${releaseB}`));
      expect([made["src/a.js"], made["public/index.html"]]).toEqual(["644 aaaa", "644 <p>two</p>\n"]);
      await live(releaseA, releaseB, [releaseA]);
      expect([existsSync(at(`releases/${releaseA}`)), existsSync(marks())]).toEqual([false, false]);
      expect(await received(releaseC, releaseB, undefined, how)).toEqual(changedOnly);
    });

    test.each<How>([{}, link])("is hashed where the whole is to be verified: %o", async (how) => {
      expect(await received(releaseB, releaseA, undefined, { ...how, verify: "whole" })).toEqual(all);
    });

    describe.each<[string, How]>([
      ["copied", {}],
      ["linked", link],
    ])("a file to be %s that", (_, how) => {
      test("was written to, as long as before and its time set back, is found", async () => {
        const path = at(`releases/${releaseA}/src/a.js`);
        const { mtimeMs, size } = statSync(path);
        const stamp = execFileSync("stat", ["-c", "%y", path], { encoding: "utf8" }).trim();
        writeFileSync(path, "AAAA");
        execFileSync("touch", ["-d", stamp, path]);
        expect(statSync(path)).toMatchObject({ mtimeMs, size });
        expect(await received(releaseB, releaseA, undefined, how)).toEqual(refused("src/a.js"));
      });

      test("was replaced by another is found", async () => {
        const path = at(`releases/${releaseA}/src/a.js`);
        const { atime, mtime } = statSync(path);
        writeFileSync(`${path}.new`, "AAAA");
        utimesSync(`${path}.new`, atime, mtime);
        renameSync(`${path}.new`, path);
        expect(await received(releaseB, releaseA, undefined, how)).toEqual(refused("src/a.js"));
      });

      test("was touched, or chosen by nobody's marks, is hashed and taken", async () => {
        utimesSync(at(`releases/${releaseA}/src/a.js`), 1, 1);
        const some = shell.busybox ? all.hashed : ["src/a.js", ...sent].sort();
        expect(await received(releaseB, releaseA, undefined, how)).toEqual({ answer: "ok", hashed: some });
        rmSync(marks(releaseB), { force: true });
        await live(releaseA, releaseB);
        expect(await received(releaseC, releaseB, undefined, how)).toEqual(all);
      });

      test("is other than the new manifest says is refused, whoever says that it is kept", async () => {
        const stream = streamOf({ ...second, "src/b.js": file("BBBB") }, kept);
        expect(await received(releaseB, releaseA, stream, how)).toMatchObject({
          answer: ["base-changed", `src/b.js in release ${releaseA} is not as it was deployed`],
        });
      });
    });

    test("links whose older release somebody removed by hand are hashed", async () => {
      await received(releaseB, releaseA, undefined, link);
      await live(releaseA, releaseB);
      rmSync(at(`releases/${releaseA}`), { recursive: true });
      expect(await received(releaseC, releaseB, undefined, link)).toEqual(all);
    });

    test("a clock that was set back makes nothing older than its marks", async () => {
      if (shell.busybox) return expect(existsSync(marks())).toBe(false);
      const { ctimeMs } = statSync(at(`releases/${releaseA}/src/a.js`));
      utimesSync(marks(), ctimeMs / 1000, ctimeMs / 1000 - 1);
      expect(await received(releaseB, releaseA)).toEqual(all);
    });

    test.each<[string, (text: string) => string]>([
      ["nothing", () => ""],
      ["cut", (text) => text.slice(0, text.length - 20)],
      ["zeros, as after a power cut", (text) => text.replaceAll(/[^\n]/g, "\0")],
      ["one file's marks under another's name", (text) => swapped(text, "src/a.js", "src/b.js")],
      ["later than the file", (text) => text.replaceAll(/^(\d+ \S+ )\d/gm, "$19")],
      ["hostile paths", (text) => `${text.replaceAll(/ \S+$/gm, " ../../../../etc/passwd")}\n1 1 1 1 -rf\n`],
      ["commands", (text) => text.replaceAll(/ (\S+)$/gm, " $(touch $HOME/evil)\\n'\"`touch evil`$1")],
      ["links that there are none", (text) => text.replace(/^copy/, "link")],
    ])("marks of %s make nobody believe a file that was written to", async (_, change) => {
      if (existsSync(marks())) writeFileSync(marks(), change(readFileSync(marks(), "utf8")));
      writeFileSync(at(`releases/${releaseA}/src/a.js`), "AAAA");
      expect(await received(releaseB, releaseA)).toEqual(refused("src/a.js"));
      await host.ask(finish({ fence: fenceOf(host), release: releaseA, bad: null, removals: [] }));
      expect([existsSync(join(host.home, "evil")), existsSync(at(`releases/${releaseB}`))]).toEqual([
        false,
        false,
      ]);
    });

    test("a name of two lines beside it has no marks, and hides nothing", async () => {
      const base = at(`releases/${releaseA}/src`);
      writeFileSync(join(base, "x\n1 1 1 4 src"), "");
      appendFileSync(join(base, "b.js"), "!");
      expect(await received(releaseB, releaseA)).toEqual(refused("src/b.js"));
    });

    test("a manifest that is not as it was recorded is nobody's word for it", async () => {
      const manifest = at(`.deploy/manifests/${releaseA}`);
      writeFileSync(manifest, swapped(readFileSync(manifest, "utf8"), "src/a.js", "src/b.js"));
      const { answer } = await received(releaseB, releaseA);
      const words = `the manifest of release ${releaseA} is not as it was recorded`;
      expect(answer).toEqual(shell.busybox ? "ok" : ["base-changed", words]);
    });

    test("killed before any rename, it is hashed or right", async () => {
      const real = shell.busybox ? "/usr/bin/busybox mv" : "/usr/bin/mv";
      const renames = shell.busybox ? 5 : 6;
      for (let nth = 1; nth <= renames; nth++) {
        host.program(
          "mv",
          `echo >>"$HOME/moves"; if [ "$(wc -l <"$HOME/moves")" -eq ${nth} ]; then kill -9 $PPID; else exec ${real} "$@"; fi`,
        );
        const { command, payload } = receiveOf(host, releaseB, streamOf(second, kept), { from: releaseA });
        expect((await host.refused(command, payload))[0]).not.toBe("ok");
        host.program("mv", `exec ${real} "$@"`);
        rmSync(join(host.home, "moves"));
        expect((await received(releaseB, releaseA)).answer).toBe("ok");
        expect(await received(releaseC, releaseB)).toEqual(changedOnly);
        await live(releaseA, releaseB);
        await live(releaseB, releaseA, [releaseB, releaseC]);
      }
    });
  });
}

/** `text` with the ends of two lines exchanged. */
function swapped(text: string, one: string, other: string): string {
  return text.replaceAll(new RegExp(`(${one}|${other})$`, "gm"), (path) => (path === one ? other : one));
}

/** Each program that hashes writes down what it was given. */
function spyOnHashes(host: TestHost): void {
  for (const name of ["openssl", "sha256sum"]) {
    if (!host.has(name)) continue;
    const real = host.shell.busybox ? `/usr/bin/busybox ${name}` : `/usr/bin/${name}`;
    host.program(name, `printf '%s\\n' "$@" >>"$HOME/hashed"\nexec ${real} "$@"`);
  }
}

function hashedOn(host: TestHost): readonly string[] {
  const log = join(host.home, "hashed");
  const lines = existsSync(log) ? readFileSync(log, "utf8").split("\n") : [];
  return [...new Set(lines.filter((line) => line.startsWith("./")).map((line) => line.slice(2)))].sort();
}
