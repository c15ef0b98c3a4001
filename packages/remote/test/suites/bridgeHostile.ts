import { execFileSync } from "node:child_process";
import { lstatSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { idOf, list, makeSite, room, site } from "../bridges.ts";
import { makeHost, type Shell, type TestHost, treeOf } from "../host.ts";
import { file } from "../stream.ts";

const one = site({ "css/app-1.css": "1", "img/logo-0.svg": "logo" }, { "public/index.html": file("<p>1") });

/** What is in the way, what is damaged, and what was planted. */
export function bridgeHostileSuite(shell: Shell): void {
  describe(`the bridge against trees of any kind on ${shell.name}`, () => {
    let host: TestHost;
    let on: ReturnType<typeof makeSite>;
    beforeEach(() => {
      host = makeHost(shell);
      on = makeSite(host);
    });
    afterEach(() => host.remove());

    test("never over what the new release has: files, folders, a file where a folder was", async () => {
      await on.deploy("a", site({ "a-1.css": "old", "b-1": "old", "c/d-1.css": "old", "e-1.css": "old" }));
      const tree = site({ "a-1.css": "new", "b-1/x-1.css": "new", c: "new" });
      expect(await on.make("b", tree)).toEqual({ files: 1, skipped: 0 });
      expect(treeOf(on.path("b", room))).toEqual({
        ".": "755/",
        [list]: `644 a-1.css\nb-1/x-1.css\nc\n`,
        "a-1.css": "644 new",
        "b-1": "755/",
        "b-1/x-1.css": "644 new",
        c: "644 new",
        "e-1.css": "644 old",
      });
    });

    test("two old releases that contradict each other: the newer one's file stands", async () => {
      await on.deploy("a", site({ "x/y-1.css": "folder", z: "file" }), { bridge: undefined });
      await on.deploy("b", site({ x: "file", "z/y-1.css": "folder" }), { bridge: undefined });
      expect(await on.make("c", site({}))).toEqual({ files: 2, skipped: 0 });
      expect([on.read("c", `${room}/x`), on.read("c", `${room}/z/y-1.css`)]).toEqual(["file", "folder"]);
    });

    test("a hostile list brings nothing but its release's own assets", async () => {
      writeFileSync(join(host.home, "secret"), "s");
      const listed = [
        ...[
          "../index.html",
          "../../.env",
          "/etc/passwd",
          "css/../css/app-1.css",
          "./css/app-1.css",
          "css//app-1.css",
        ],
        ...[
          "css/",
          "css",
          "",
          ".",
          "..",
          "-rf",
          "--help",
          "$(touch evil)",
          "`touch evil`",
          "*",
          "css/*",
          "gone-1.css",
        ],
        ...[
          "css/app-1.css\r",
          "css/app-1.css\0x",
          "css/app-1.css\tx",
          "css\\app-1.css",
          "\x1b[2J",
          "x".repeat(5000),
        ],
        ...[list, `css/${list}`, "../../../../../secret", "css/app-1.css", "css/app-1.css"],
      ];
      const tree = site(
        { "css/app-1.css": "1", [`css/${list}`]: "x\n" },
        { "public/index.html": file("x") },
        room,
        listed,
      );
      await on.deploy("a", tree);
      const outside = treeOf(host.home, ["shop"]);
      expect(await on.make("b", site({ "css/app-2.css": "2" }))).toEqual({ files: 1, skipped: 0 });
      expect(treeOf(on.path("b"))).toEqual({
        ".": "755/",
        REVISION: "644 4f2a91c0\n",
        RELEASE: expect.stringMatching(/^644 /),
        public: "755/",
        [room]: "755/",
        [`${room}/${list}`]: "644 css/app-2.css\n",
        [`${room}/css`]: "755/",
        [`${room}/css/app-1.css`]: "644 1",
        [`${room}/css/app-2.css`]: "644 2",
      });
      expect(treeOf(host.home, ["shop"])).toEqual(outside);
    });

    test("a list that is cut, changed, made on the host, a folder or a link is nothing", async () => {
      await on.deploy("a", site({ "a-1.css": "1", "b-1.css": "2" }, { "secret.txt": file("s") }));
      const path = on.path("a", `${room}/${list}`);
      const real = `${path}.real`;
      writeFileSync(real, readFileSync(path));
      const spoil: readonly (() => void)[] = [
        () => writeFileSync(path, "a-1.css\n"),
        () => writeFileSync(path, "a-1.css\nb-1.css\n../../secret.txt\n"),
        () => rmSync(path),
        () => symlinkSync(`${list}.real`, path),
        () => [rmSync(path), mkdirSync(path)],
      ];
      for (const [index, change] of spoil.entries()) {
        change();
        expect(await on.make("bcdef"[index] ?? "", site({}))).toEqual({ files: 0, skipped: 0 });
      }
      rmSync(path, { recursive: true });
      renameSync(real, path);
      rmSync(join(host.base, ".deploy/manifests", idOf("a")));
      expect(await on.make("g", site({}))).toEqual({ files: 0, skipped: 0 });
    });

    test("a file that was changed, cut, removed or made a link, a pipe or a folder is left out and told", async () => {
      const names = ["fine", "changed", "cut", "gone", "link", "inside", "folder", "pipe", "deep/through"];
      await on.deploy("a", site(Object.fromEntries(names.map((name) => [name, `${name} text`]))));
      const at = (name: string) => on.path("a", `${room}/${name}`);
      writeFileSync(join(host.home, "secret"), "link text");
      writeFileSync(at("changed"), "CHANGED TEXT");
      writeFileSync(at("cut"), "");
      for (const name of ["gone", "link", "inside", "folder", "pipe"]) rmSync(at(name));
      symlinkSync(join(host.home, "secret"), at("link"));
      symlinkSync("fine", at("inside"));
      mkdirSync(at("folder"));
      execFileSync("mkfifo", [at("pipe")]);
      renameSync(at("deep"), join(host.home, "deep"));
      symlinkSync(join(host.home, "deep"), at("deep"));
      expect(await on.make("b", site({}))).toEqual({ files: 1, skipped: 8 });
      expect(on.assets("b")).toEqual(["fine"]);
    });

    test("a name with a line feed beside does not make a link pass for a file", async () => {
      await on.deploy("a", site({ "css/app-1.css": "1" }));
      const at = (name: string) => on.path("a", `${room}/${name}`);
      rmSync(at("css/app-1.css"));
      mkdirSync(at("x\n./css"), { recursive: true });
      writeFileSync(at("x\n./css/app-1.css"), "1");
      writeFileSync(join(host.home, "one"), "1");
      symlinkSync(join(host.home, "one"), at("css/app-1.css"));
      expect(await on.make("b", site({}))).toEqual({ files: 0, skipped: 1 });
    });

    test("an old release, or its folder, behind a link is not looked at", async () => {
      await on.deploy("a", one);
      renameSync(on.path("a", "public"), join(host.home, "public"));
      symlinkSync(join(host.home, "public"), on.path("a", "public"));
      expect(await on.make("b", site({}))).toEqual({ files: 0, skipped: 0 });
      rmSync(on.path("a", "public"));
      renameSync(join(host.home, "public"), on.path("a", "public"));
      renameSync(on.path("a"), join(host.home, "moved"));
      symlinkSync(join(host.home, "moved"), on.path("a"));
      expect(await on.make("c", site({}))).toEqual({ files: 0, skipped: 0 });
    });

    test("shared folders are never written to: as the room, above it, and within it", async () => {
      await on.deploy("a", one);
      mkdirSync(join(host.base, "shared/public"), { recursive: true });
      const before = treeOf(join(host.base, "shared"));
      const make = (letter: string, path: string) =>
        on.make(letter, { "index.html": file("x") }, { shared: { directories: [path], files: [] } });
      expect(await make("b", "public")).toBeUndefined();
      expect(treeOf(join(host.base, "shared"))).toEqual(before);
      expect(await make("c", "public/assets")).toBeUndefined();
      expect(await make("d", "public/assets/css")).toEqual({ files: 1, skipped: 0 });
      expect(lstatSync(on.path("d", `${room}/css`)).isSymbolicLink()).toBe(true);
      expect(treeOf(join(host.base, "shared"))).toEqual({
        ...before,
        "public/assets": "755/",
        "public/assets/css": "755/",
      });
    });
  });
}
