import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { needs } from "@deploy/testkit";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { flip, manifestOf, markReady, probe } from "../../src/index.ts";
import { makeHost, type Shell, type TestHost, treeOf } from "../host.ts";
import { deployed, fenceOf, receiveOf, releaseA, releaseB, tree } from "../scenario.ts";
import { directory, file, link, manifestOfTree, mtime, streamOf, type TarEntry, tarOf } from "../stream.ts";

/** `d:u::rwx,d:g::r-x,d:o::-`, where setfacl may not be installed. */
const defaultAcl = `
import os, struct, sys
entries = b"".join(struct.pack("<HHI", *entry, 2**32 - 1) for entry in [(1, 7), (4, 5), (32, 0)])
os.setxattr(sys.argv[1], "system.posix_acl_default", struct.pack("<I", 2) + entries)
`;

export function receiveSuite(shell: Shell): void {
  describe(`receive on ${shell.name}`, () => {
    let host: TestHost;
    beforeEach(() => {
      host = makeHost(shell);
    });
    afterEach(() => host.remove());
    const at = (path: string) => join(host.base, path);
    const staged = () =>
      existsSync(at(".deploy/staging")) ? Object.keys(treeOf(at(".deploy/staging"))) : ["."];

    test("makes the release, byte for byte, with links to shared, REVISION and RELEASE", async () => {
      const { command, payload } = receiveOf(host, releaseA);
      expect(await host.ask(command, payload)).toEqual({ status: "received", state: "ready" });
      expect(treeOf(at(`releases/${releaseA}`))).toEqual({
        ".": "755/",
        ".env": "-> ../../shared/.env",
        REVISION: "644 4f2a91c0\n",
        RELEASE: `644 ${releaseA}\n`,
        "a b.txt": "644 words\n",
        bin: "750/",
        "bin/start": "755 #!/bin/sh\n",
        "empty dir": "755/",
        lib: "755/",
        "lib/self": "-> ../lib/über.js",
        "lib/über.js": "644 1",
        log: "-> ../../shared/log",
        public: "755/",
        "public/index.html": "644 <p>one</p>\n",
        "public/uploads": "-> ../../../shared/public/uploads",
      });
      expect(treeOf(at("shared"))).toEqual({
        ".": "755/",
        log: "755/",
        public: "755/",
        "public/uploads": "755/",
      });
      expect(statSync(at(".deploy")).mode & 0o777).toBe(0o700);
      expect(JSON.parse(readFileSync(at(`.deploy/releases/${releaseA}.json`), "utf8"))).toEqual({
        schema: 1,
        state: "ready",
        ...{
          manifest: command.args[4],
          artifact: expect.stringMatching(/^[0-9a-f]{64}$/),
          commit: "4f2a91c0",
        },
        run: "https://example.com/1",
        time: mtime,
        created: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      });
      expect(await host.ask(manifestOf({ base: host.base, release: releaseA }))).toBe(manifestOfTree(tree));
      expect((await host.refused(manifestOf({ base: host.base, release: releaseB })))[0]).toBe(
        "manifest-missing",
      );
      expect(staged()).toEqual(["."]);
    });

    /** Three releases on a folder that gives what is made in it modes of its own. */
    const modesUnder = async (change: (base: string) => void) => {
      mkdirSync(host.base);
      change(host.base);
      const next = { ...tree, "public/index.html": file("<p>two</p>\n") };
      for (const made of [
        receiveOf(host, releaseA),
        receiveOf(host, releaseB, streamOf(next, ["a b.txt", "bin/start", "lib/über.js"]), {
          from: releaseA,
        }),
      ]) {
        expect(await host.ask(made.command, made.payload)).toEqual({ status: "received", state: "ready" });
      }
      return ["a b.txt", "bin", "bin/start", "public"].map((path) =>
        (statSync(at(`releases/${releaseB}/${path}`)).mode & 0o777).toString(8),
      );
    };

    test("under a setgid folder it is the same", async () => {
      expect(await modesUnder((base) => chmodSync(base, 0o2770))).toEqual(["644", "750", "755", "755"]);
    });

    needs("python3")("with a default ACL", () => {
      test("it is the same", async () => {
        const modes = await modesUnder((base) => execFileSync("python3", ["-c", defaultAcl, base]));
        expect(modes).toEqual(["644", "750", "755", "755"]);
      });
    });

    test("a release that is there is answered, other content under its name refused", async () => {
      const { command, payload } = receiveOf(host, releaseA);
      await host.ask(command, payload);
      const before = treeOf(host.base);
      expect(await host.ask(command, payload)).toEqual({ status: "already", state: "ready" });
      const other = receiveOf(host, releaseA, streamOf({ ...tree, new: file("x") }));
      expect(await host.refused(other.command, other.payload)).toEqual([
        "release-differs",
        `release ${releaseA} is there already with other content`,
      ]);
      expect(treeOf(host.base)).toEqual(before);
    });

    test("a partial release is made again, and stays partial until it is marked", async () => {
      const { command, payload } = receiveOf(host, releaseA, undefined, { ready: false });
      expect(await host.ask(command, payload)).toEqual({ status: "received", state: "partial" });
      writeFileSync(at(`releases/${releaseA}/half-done`), "npm ci died here");
      expect(await host.ask(command, payload)).toEqual({ status: "received", state: "partial" });
      expect(existsSync(at(`releases/${releaseA}/half-done`))).toBe(false);
      expect(treeOf(at(".deploy/trash"))).toEqual({ ".": "700/" });
      expect(await host.ask(markReady({ fence: fenceOf(host), release: releaseA }))).toEqual({
        state: "ready",
      });
      expect(await host.ask(markReady({ fence: fenceOf(host), release: releaseA }))).toEqual({
        state: "ready",
      });
      expect(await host.refused(markReady({ fence: fenceOf(host), release: releaseB }))).toEqual([
        "release-missing",
        `there is no release ${releaseB} in ${at("releases")}`,
      ]);
    });

    test("what its commands left there is weighed, for the room that the next one takes", async () => {
      const { command, payload } = receiveOf(host, releaseA, undefined, { ready: false });
      await host.ask(command, payload);
      const weighed = async () => {
        const { releases } = await host.ask(probe({ base: host.base, sharedFiles: [], journal: 0 }));
        return releases.find(({ id }) => id === releaseA)?.weight;
      };
      expect(await weighed()).toBeUndefined();
      writeFileSync(at(`releases/${releaseA}/modules`), "x".repeat(3_000_000));
      await host.ask(markReady({ fence: fenceOf(host), release: releaseA }));
      const { bytes = 0, inodes } = (await weighed()) ?? {};
      const made = Object.keys(treeOf(at(`releases/${releaseA}`))).length;
      expect([bytes >= 3_000_000, bytes < 3_300_000, inodes]).toEqual([true, true, made]);
    });

    test("gives all of it the release's time, whatever the stream says", async () => {
      const { command, payload } = receiveOf(host, releaseA, undefined, { mtime: mtime + 50 });
      await host.ask(command, payload);
      const paths = ["a b.txt", "lib/über.js", "empty dir", "lib/self"];
      const times = paths.map((path) => lstatSync(at(`releases/${releaseA}/${path}`)).mtimeMs / 1000);
      expect(times).toEqual(paths.map(() => mtime + 50));
    });

    test("copies what is kept from the release before, with the new times", async () => {
      await deployed(host);
      const next = { ...tree, "public/index.html": file("<p>two</p>\n") };
      const keep = ["a b.txt", "bin/start", "lib/über.js"];
      const later = { from: releaseA, mtime: mtime + 100 };
      const { command, payload } = receiveOf(host, releaseB, streamOf(next, keep), later);
      expect(await host.ask(command, payload)).toEqual({ status: "received", state: "ready" });
      expect(treeOf(at(`releases/${releaseB}`))).toEqual({
        ...treeOf(at(`releases/${releaseA}`)),
        RELEASE: `644 ${releaseB}\n`,
        "public/index.html": "644 <p>two</p>\n",
      });
      expect(statSync(at(`releases/${releaseB}/lib/über.js`)).mtimeMs).toBe((mtime + 100) * 1000);
      const [one, two] = [releaseA, releaseB].map((id) => statSync(at(`releases/${id}/a b.txt`)).ino);
      expect(one === two).toBe(false);
    });

    test("of folders that hold more than is kept, only what is kept is copied", async () => {
      const first = {
        ...tree,
        "var/deep/a.js": file("a"),
        "var/deep/b.js": file("b"),
        "lib/old.js": file("o"),
      };
      const folders = { var: directory(), "var/deep": directory() };
      const { command, payload } = receiveOf(host, releaseA, streamOf({ ...first, ...folders }));
      await host.ask(command, payload);
      const base = at(`releases/${releaseA}`);
      mkdirSync(join(base, "bin/cache"));
      writeFileSync(join(base, "public/made here.txt"), "x");
      symlinkSync("/etc/passwd", join(base, "lib/planted"));
      writeFileSync(join(base, "var/deep/a.js\nnot"), "x");
      chmodSync(join(base, "bin"), 0o777);
      const { "lib/old.js": _, ...next } = { ...first, ...folders, "a b.txt": file("changed\n") };
      const keep = ["bin/start", "lib/über.js", "public/index.html", "var/deep/a.js", "var/deep/b.js"];
      const later = receiveOf(host, releaseB, streamOf(next, keep), { from: releaseA });
      expect(await host.ask(later.command, later.payload)).toEqual({ status: "received", state: "ready" });
      const whole = makeHost(shell);
      const full = receiveOf(whole, releaseB, streamOf(next));
      await whole.ask(full.command, full.payload);
      expect(treeOf(at(`releases/${releaseB}`))).toEqual(treeOf(join(whole.base, "releases", releaseB)));
      whole.remove();
    });

    test("hard links, where asked for: equal trees, times and bytes of the live release untouched", async () => {
      await deployed(host);
      const base = at(`releases/${releaseA}`);
      const before = [treeOf(base), statSync(join(base, "lib/über.js")).mtimeMs];
      const next = { ...tree, "public/index.html": file("<p>two</p>\n") };
      const keep = ["a b.txt", "bin/start", "lib/über.js"];
      const options = { from: releaseA, unchanged: "link" as const, mtime: mtime + 100 };
      const { command, payload } = receiveOf(host, releaseB, streamOf(next, keep), options);
      expect(await host.ask(command, payload)).toEqual({ status: "received", state: "ready" });
      const made = at(`releases/${releaseB}`);
      expect(treeOf(made)).toEqual({
        ...treeOf(base),
        RELEASE: `644 ${releaseB}\n`,
        "public/index.html": "644 <p>two</p>\n",
      });
      expect([treeOf(base), statSync(join(base, "lib/über.js")).mtimeMs]).toEqual(before);
      const shares = (path: string) => statSync(join(base, path)).ino === statSync(join(made, path)).ino;
      expect([...keep, "public/index.html", "REVISION", "RELEASE"].map(shares)).toEqual([
        true,
        true,
        true,
        false,
        false,
        false,
      ]);
    });

    test("hard links to a file that was changed ask for everything", async () => {
      await deployed(host);
      const edited = at(`releases/${releaseA}/a b.txt`);
      const { atime, mtime: time } = statSync(edited);
      writeFileSync(edited, "sdrow\n"); // as long as before
      utimesSync(edited, atime, time);
      for (const unchanged of ["link", "copy"] as const) {
        const { command, payload } = receiveOf(host, releaseB, streamOf(tree, ["a b.txt"]), {
          from: releaseA,
          unchanged,
        });
        expect(await host.refused(command, payload)).toEqual([
          "base-changed",
          `a b.txt in release ${releaseA} is not as it was deployed`,
        ]);
      }
      expect([readFileSync(edited, "utf8"), staged()]).toEqual(["sdrow\n", ["."]]);
    });

    test("a path that is both sent and kept is refused, and nothing is written through it", async () => {
      await deployed(host);
      writeFileSync(join(host.home, "secret"), "s");
      const hard = { name: "tree/a b.txt", flag: "1", mode: 0o644, target: join(host.home, "secret") };
      for (const extra of [hard, { name: "tree/a b.txt", flag: "0", mode: 0o644, text: "words\n" }]) {
        const stream = streamOf(tree, ["a b.txt", "bin/start"], [extra]);
        const { command, payload } = receiveOf(host, releaseB, stream, { from: releaseA });
        expect((await host.refused(command, payload))[0]).toMatch(/^stream-(refused|damaged)$/);
        expect([readFileSync(join(host.home, "secret"), "utf8"), staged()]).toEqual(["s", ["."]]);
      }
    });

    test("a kept file that was changed, or whose release is gone, asks for everything", async () => {
      await deployed(host);
      writeFileSync(at(`releases/${releaseA}/a b.txt`), "edited\n");
      const stream = streamOf(tree, ["a b.txt", "bin/start"]);
      const changed = receiveOf(host, releaseB, stream, { from: releaseA });
      expect(await host.refused(changed.command, changed.payload)).toEqual([
        "base-changed",
        `a b.txt in release ${releaseA} is not as it was deployed`,
      ]);
      const gone = receiveOf(host, releaseB, stream, { from: "20200101T000000Z-0000000" });
      expect((await host.refused(gone.command, gone.payload))[0]).toBe("base-changed");
      const missing = receiveOf(host, releaseB, streamOf({ ...tree, zz: file("z") }, ["zz"]), {
        from: releaseA,
      });
      expect((await host.refused(missing.command, missing.payload))[0]).toBe("base-changed");
      expect(existsSync(at(`releases/${releaseB}`))).toBe(false);
      expect(staged()).toEqual(["."]);
    });

    test("an upload that is cut, changed or announced otherwise leaves nothing", async () => {
      const whole = streamOf(tree);
      const damaged: readonly (readonly [string, ReturnType<typeof receiveOf>, Uint8Array?])[] = [
        ["stream-damaged", receiveOf(host, releaseA), whole.payload.subarray(0, whole.payload.length - 30)],
        ["stream-damaged", receiveOf(host, releaseA), new Uint8Array()],
        ["stream-damaged", receiveOf(host, releaseA), Buffer.from("not gzip at all")],
        ["stream-refused", receiveOf(host, releaseA, whole, { files: 3 })],
        ["stream-refused", receiveOf(host, releaseA, whole, { manifest: "0".repeat(64) })],
        ["stream-refused", receiveOf(host, releaseA), streamOf({ ...tree, more: file("") }).payload],
        ["stream-damaged", receiveOf(host, releaseA), replaceText(tree, "a b.txt", "Words\n")],
        ["stream-damaged", receiveOf(host, releaseA), replaceText(tree, "lib/self", "/etc/passwd")],
        ["stream-damaged", receiveOf(host, releaseA), withoutFile(tree, "a b.txt")],
      ];
      for (const [code, { command, payload }, other] of damaged) {
        expect(await host.refused(command, other ?? payload)).toEqual([code, expect.any(String)]);
        expect([existsSync(at(`releases/${releaseA}`)), staged()]).toEqual([false, ["."]]);
      }
      const { command } = receiveOf(host, releaseA);
      expect(await host.refused(command, replaceText(tree, "a b.txt", "Words\n"))).toEqual([
        "stream-damaged",
        `release ${releaseA} is not what was packed; first difference: a b.txt`,
      ]);
    });

    test.each<readonly [string, readonly TarEntry[]]>([
      ["a path that climbs", [{ name: "../../../../evil", flag: "0", mode: 0o644, text: "x" }]],
      ["an absolute path", [{ name: "/tmp/evil-remote-test", flag: "0", mode: 0o644, text: "x" }]],
      [
        "a path through a link",
        [
          { name: "tree/out", flag: "2", mode: 0o777, target: "../../../../.." },
          { name: "tree/out/evil", flag: "0", mode: 0o644, text: "x" },
        ],
      ],
      ["a hard link out", [{ name: "tree/hard", flag: "1", mode: 0o644, target: "../../../../secret" }]],
      ["a hard link within", [{ name: "tree/hard", flag: "1", mode: 0o644, target: "tree/a b.txt" }]],
      ["a device", [{ name: "tree/null", flag: "3", mode: 0o666 }]],
      ["a pipe", [{ name: "tree/pipe", flag: "6", mode: 0o666 }]],
      ["setuid", [{ name: "tree/root", flag: "0", mode: 0o4755, text: "x" }]],
      ["another top entry", [{ name: "-rf", flag: "0", mode: 0o644, text: "x" }]],
      ["a REVISION of its own", [{ name: "tree/REVISION", flag: "0", mode: 0o644, text: "x" }]],
      ["one file more", [{ name: "tree/more", flag: "0", mode: 0o644, text: "x" }]],
    ])("refuses %s, and nothing lies outside", async (_, extra) => {
      writeFileSync(join(host.home, "secret"), "s");
      mkdirSync(host.base);
      const outside = treeOf(host.home, ["shop"]);
      const { command, payload } = receiveOf(host, releaseA, streamOf(tree, [], extra));
      expect((await host.refused(command, payload))[0]).toMatch(/^stream-(refused|damaged)$/);
      expect(treeOf(host.home, ["shop"])).toEqual(outside);
      expect([
        existsSync("/tmp/evil-remote-test"),
        existsSync(at("evil")),
        existsSync(at(`releases/${releaseA}`)),
        staged(),
      ]).toEqual([false, false, false, ["."]]);
    });

    test("a kept path that climbs or passes a link of the upload is refused", async () => {
      await deployed(host);
      const paths = ["../../../secret", "/etc/passwd", "lib/../x", "out/x"];
      for (const path of paths) {
        const hostile = { ...tree, out: link("../../../shared") };
        const stream = streamOf(hostile, [path]);
        const { command, payload } = receiveOf(host, releaseB, stream, { from: releaseA });
        expect(await host.refused(command, payload)).toEqual([
          "stream-refused",
          `the upload of ${releaseB} was refused: it keeps a path that is not allowed: ${path}`,
        ]);
      }
      expect(treeOf(at("shared"))).toEqual({
        ".": "755/",
        log: "755/",
        public: "755/",
        "public/uploads": "755/",
      });
    });

    test("what is declared shared may not be in the release; what is in shared is never touched", async () => {
      mkdirSync(at("shared/log"), { recursive: true });
      writeFileSync(at("shared/log/app.log"), "old lines");
      writeFileSync(at("shared/.env"), "A=1", { mode: 0o600 });
      const shared = { directories: ["log", "lib"], files: [] };
      const clash = receiveOf(host, releaseA, undefined, { shared });
      expect(await host.refused(clash.command, clash.payload)).toEqual([
        "shared-collision",
        "lib is declared shared, but the release brings its own",
      ]);
      const below = receiveOf(host, releaseA, undefined, {
        shared: { directories: ["a b.txt/x"], files: [] },
      });
      expect((await host.refused(below.command, below.payload))[0]).toBe("shared-collision");
      const linked = receiveOf(host, releaseA, undefined, {
        shared: { directories: ["log", "log/old"], files: [] },
      });
      expect((await host.refused(linked.command, linked.payload))[0]).toBe("shared-collision");
      const { command, payload } = receiveOf(host, releaseA);
      await host.ask(command, payload);
      expect(readFileSync(at(`releases/${releaseA}/log/app.log`), "utf8")).toBe("old lines");
      expect(treeOf(at("shared"))).toMatchObject({ ".env": "600 A=1", "log/app.log": "644 old lines" });
    });

    test("sweeps what dead runs left, and refuses planted links", async () => {
      mkdirSync(at(".deploy/staging/x.999999999/in"), { recursive: true, mode: 0o700 });
      mkdirSync(at(".deploy/trash/y.999999999"), { recursive: true, mode: 0o700 });
      const { command, payload } = receiveOf(host, releaseA);
      await host.ask(command, payload);
      expect([staged(), Object.keys(treeOf(at(".deploy/trash")))]).toEqual([["."], ["."]]);
      const other = makeHost(shell);
      mkdirSync(join(other.base, "real"), { recursive: true });
      symlinkSync("real", join(other.base, ".deploy"));
      const planted = receiveOf(other, releaseA);
      expect(await other.refused(planted.command, planted.payload)).toEqual([
        "path-unsafe",
        `${other.base}/.deploy is a link`,
      ]);
      other.remove();
    });

    test("works below ~/ and in a folder with spaces and quotes", async () => {
      const base = "~/it's a $(shop)";
      const { command, payload } = receiveOf(host, releaseA, undefined, {
        fence: { ...fenceOf(host), base },
      });
      expect(await host.ask(command, payload)).toEqual({ status: "received", state: "ready" });
      await host.ask(
        flip({ fence: { ...fenceOf(host), base }, expect: null, to: releaseA, step: "activate" }),
      );
      expect(readFileSync(join(host.home, "it's a $(shop)", "current", "REVISION"), "utf8")).toBe(
        "4f2a91c0\n",
      );
    });

    test("a partial release that is live is not touched; a bad one that is not live is made again", async () => {
      await deployed(host);
      const record = at(`.deploy/releases/${releaseA}.json`);
      const text = readFileSync(record, "utf8");
      const { command, payload } = receiveOf(host, releaseA);
      writeFileSync(record, text.replace('"good"', '"partial"'));
      expect((await host.refused(command, payload))[0]).toBe("release-differs");
      writeFileSync(record, text.replace('"good"', '"bad"'));
      expect(await host.ask(command, payload)).toEqual({ status: "already", state: "ready" });
      await host.ask(flip({ fence: fenceOf(host), expect: releaseA, to: null, step: "revert" }));
      expect(await host.ask(command, payload)).toEqual({ status: "received", state: "ready" });
    });
  });
}

/** Streams whose manifest is of the tree, but whose content is not. */
function replaceText(whole: typeof tree, path: string, text: string): Uint8Array {
  const node = whole[path];
  const changed = node?.type === "link" ? link(text) : file(text);
  return forge(whole, { ...whole, [path]: changed });
}

function withoutFile(whole: typeof tree, path: string): Uint8Array {
  return forge(whole, Object.fromEntries(Object.entries(whole).filter(([name]) => name !== path)));
}

function forge(announced: typeof tree, sent: typeof tree): Uint8Array {
  const entries: TarEntry[] = [{ name: "manifest", flag: "0", mode: 0o644, text: manifestOfTree(announced) }];
  for (const [path, node] of Object.entries(sent)) {
    const name = `tree/${path}`;
    if (node.type === "link") entries.push({ name, flag: "2", mode: 0o777, target: node.target });
    else if (node.type === "directory")
      entries.push({ name: `${name}/`, flag: "5", mode: node.mode ?? 0o755 });
    else entries.push({ name, flag: "0", mode: node.mode ?? 0o644, text: node.text });
  }
  return gzipSync(tarOf(entries));
}
