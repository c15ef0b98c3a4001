import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { idOf, list, makeSite, room, site } from "../bridges.ts";
import { makeHost, type Shell, type TestHost, treeOf } from "../host.ts";
import { receiveOf } from "../scenario.ts";
import { standIn } from "../standIn.ts";
import { directory, file, mtime, streamOf } from "../stream.ts";

/** Three releases, each with a file of its own, one that all have, and a page. */
const one = site({ "css/app-1.css": "1", "img/logo-0.svg": "logo" }, { "public/index.html": file("<p>1") });
const two = site({ "css/app-2.css": "2", "img/logo-0.svg": "logo" }, { "public/index.html": file("<p>2") });
const three = site({ "css/app-3.css": "3", "img/logo-0.svg": "logo" }, { "public/index.html": file("<p>3") });

export function bridgeSuite(shell: Shell): void {
  describe(`the bridge on ${shell.name}`, () => {
    let host: TestHost;
    let on: ReturnType<typeof makeSite>;
    beforeEach(() => {
      host = makeHost(shell);
      on = makeSite(host);
    });
    afterEach(() => host.remove());

    test("keeps what the last three releases named by content, and no more of them", async () => {
      expect(await on.deploy("a", one)).toEqual({ files: 0, skipped: 0 });
      expect(await on.deploy("b", two)).toEqual({ files: 1, skipped: 0 });
      expect(await on.deploy("c", three)).toEqual({ files: 2, skipped: 0 });
      expect(on.assets("c")).toEqual(["css/app-1.css", "css/app-2.css", "css/app-3.css", "img/logo-0.svg"]);
      expect(on.read("c", "public/index.html")).toBe("<p>3");
      const before = ["a", "b", "c"].map((letter) => treeOf(on.path(letter)));
      expect(await on.deploy("d", site({ "css/app-4.css": "4" }))).toEqual({ files: 3, skipped: 0 });
      expect(on.assets("d")).toEqual(["css/app-2.css", "css/app-3.css", "css/app-4.css", "img/logo-0.svg"]);
      expect(on.read("d", `${room}/${list}`)).toBe("css/app-4.css\n");
      expect(["a", "b", "c"].map((letter) => treeOf(on.path(letter)))).toEqual(before);
    });

    test("a release that is gone back to has its own files and those before it; what is bad is left behind", async () => {
      await on.deploy("a", one);
      await on.deploy("b", two);
      await on.deploy("c", three);
      const before = treeOf(on.path("b"));
      await on.switch("b", "rollback");
      await on.finish("c");
      expect(treeOf(on.path("b"))).toEqual(before);
      expect(on.assets("b")).toEqual(["css/app-1.css", "css/app-2.css", "img/logo-0.svg"]);
      expect(await on.deploy("d", site({ "css/app-4.css": "4" }))).toEqual({ files: 3, skipped: 0 });
      expect(on.assets("d")).toEqual(["css/app-1.css", "css/app-2.css", "css/app-4.css", "img/logo-0.svg"]);
    });

    test("what is live counts whatever its state, what is partial, ready or another tool's does not", async () => {
      await on.deploy("a", one);
      await on.make("b", two, { ready: false });
      await on.make("c", three);
      mkdirSync(join(host.base, "releases/20261130000000/public/assets"), { recursive: true });
      writeFileSync(join(host.base, "releases/20261130000000", room, list), "css/app-9.css\n");
      mkdirSync(join(host.base, "releases/20261129T000000Z-9999999"), { recursive: true });
      expect(await on.make("d", site({}))).toEqual({ files: 2, skipped: 0 });
      const record = join(host.base, ".deploy/releases", `${idOf("a")}.json`);
      writeFileSync(record, readFileSync(record, "utf8").replace('"good"', '"bad"'));
      expect(await on.make("e", site({}))).toEqual({ files: 2, skipped: 0 });
      expect(on.assets("e")).toEqual(["css/app-1.css", "img/logo-0.svg"]);
    });

    test("of two places the live release has one, also where it is the older", async () => {
      on = makeSite(host, { folder: room, releases: 2 });
      await on.deploy("a", one);
      await on.deploy("b", two);
      await on.switch("a", "rollback");
      expect(await on.make("c", three)).toEqual({ files: 1, skipped: 0 });
      expect(on.assets("c")).toEqual(["css/app-1.css", "css/app-3.css", "img/logo-0.svg"]);
    });

    test("without the setting, and for one release, nothing is brought", async () => {
      await on.deploy("a", one);
      expect(await on.make("b", two, { bridge: undefined })).toBeUndefined();
      expect(await on.make("c", three, { bridge: { folder: room, releases: 1 } })).toBeUndefined();
      expect([on.assets("b"), on.assets("c")]).toEqual([
        ["css/app-2.css", "img/logo-0.svg"],
        ["css/app-3.css", "img/logo-0.svg"],
      ]);
    });

    test("copies: modes and the release's time as they should be, nothing of the old release is shared", async () => {
      const assets = { "css/app-1.css": "1", "js/-rf": "dash", "js/ü b'$(x)-1.js": "name" };
      const tree = { ...site(assets), [`${room}/js/run-1.js`]: file("x", 0o664) };
      await on.deploy("a", { ...tree, [`${room}/${list}`]: lines([...Object.keys(assets), "js/run-1.js"]) });
      expect(await on.make("b", site({}), { mtime: mtime + 100 })).toEqual({ files: 4, skipped: 0 });
      expect(treeOf(on.path("b", `${room}/js`))).toEqual({
        ".": "755/",
        "-rf": "644 dash",
        "run-1.js": "664 x",
        "ü b'$(x)-1.js": Buffer.from("644 name").toString(),
      });
      const [from, to] = ["a", "b"].map((letter) => statSync(on.path(letter, `${room}/css/app-1.css`)));
      expect([to?.mtimeMs, to?.ino === from?.ino]).toEqual([(mtime + 100) * 1000, false]);
    });

    test("in a release that is all assets: nothing of ours is taken over", async () => {
      on = makeSite(host, { folder: ".", releases: 2 });
      const listed = ["app-1.css", "REVISION", list];
      await on.deploy("a", site({ "app-1.css": "1" }, {}, ".", listed));
      await on.deploy("b", site({ "app-2.css": "2" }, {}, "."));
      expect(on.assets("b", ".")).toEqual(["RELEASE", "REVISION", "app-1.css", "app-2.css"]);
      expect(on.read("b", list)).toBe("app-2.css\n");
    });

    test("where the new release has no such folder it is made; with a file in its place nothing is", async () => {
      await on.deploy("a", one);
      expect(await on.make("b", { "index.html": file("x") })).toEqual({ files: 2, skipped: 0 });
      expect(on.assets("b")).toEqual(["css/app-1.css", "img/logo-0.svg"]);
      expect(await on.make("c", { public: file("x") })).toEqual({ files: 0, skipped: 2 });
      expect(on.read("c", "public")).toBe("x");
    });

    test("a delta is made from the base's own files: what was only brought there is sent", async () => {
      await on.deploy("a", one);
      await on.deploy("b", two);
      const next = site({ "css/app-1.css": "1", "css/app-2.css": "2", "img/logo-0.svg": "logo" });
      const keep = [`${room}/css/app-2.css`, `${room}/img/logo-0.svg`];
      const { command, payload } = receiveOf(host, idOf("c"), streamOf(next, keep), {
        from: idOf("b"),
        shared: on.shared,
        bridge: { folder: room, releases: 3 },
      });
      expect(await host.ask(command, payload)).toEqual({
        status: "received",
        state: "ready",
        bridged: { files: 0, skipped: 0 },
      });
      expect(on.assets("c")).toEqual(["css/app-1.css", "css/app-2.css", "img/logo-0.svg"]);
      expect(await host.ask(command, payload)).toEqual({ status: "already", state: "ready" });
      await on.switch("c");
      await on.finish(null, ["a", "b"]);
      expect([existsSync(on.path("a")), on.assets("c").length]).toEqual([false, 3]);
    });

    test("without cp --parents, and where a folder of the new release cannot be written", async () => {
      standIn(host, "cp", ['case "$*" in *--parents* | *--help*) exit 1 ;; esac', 'exec $real "$@"']);
      await on.deploy("a", one);
      const closed = { ...site({}), [`${room}/css`]: directory(0o555) };
      const files = process.getuid?.() === 0 ? 2 : 1;
      expect(await on.make("b", closed)).toEqual({ files, skipped: 2 - files });
      expect(statSync(on.path("b", `${room}/css`)).mode & 0o777).toBe(0o555);
      chmodSync(on.path("b", `${room}/css`), 0o755); // so that it can be removed
    });

    test("a full disk while copying: refused, and nothing is left", async () => {
      await on.deploy("a", one);
      const says = `echo "cp: error writing 'x': No space left on device" >&2`;
      standIn(host, "cp", ['case "$*" in *--help*) exec $real "$@" ;; esac', says, "exit 1"]);
      const { command, payload } = on.received("b", two);
      expect(await host.refused(command, payload)).toEqual([
        "disk-full",
        expect.stringContaining(`no space for what release ${idOf("a")} still serves`),
      ]);
      expect([existsSync(on.path("b")), treeOf(join(host.base, ".deploy/staging"))]).toEqual([
        false,
        { ".": "700/" },
      ]);
    });
  });
}

function lines(paths: readonly string[]) {
  return file(paths.map((path) => `${path}\n`).join(""));
}
