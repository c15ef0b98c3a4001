import { chmodSync, existsSync, linkSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { probe } from "../../src/index.ts";
import { makeHost, type Shell, type TestHost, treeOf } from "../host.ts";
import { deployed, ownerOf, receiveOf, releaseA, releaseB, releaseC } from "../scenario.ts";
import { mtime } from "../stream.ts";

export function probeSuite(shell: Shell): void {
  describe(`probe on ${shell.name}`, () => {
    let host: TestHost;
    beforeEach(() => {
      host = makeHost(shell);
    });
    afterEach(() => host.remove());
    const at = (path: string) => join(host.base, path);
    const ask = () => probe({ base: host.base, sharedFiles: [".env", "config/key"], journal: 2 });

    test("before the first deploy there is nothing, and nothing is written", async () => {
      const before = treeOf(host.home, [".bin"]);
      const facts = await host.ask(ask());
      expect(facts).toEqual({
        folder: expect.stringMatching(/ 2f73686f70$/),
        user: userInfo().username,
        tools: expect.objectContaining({
          gzip: true,
          tar: true,
          sha256sum: true,
          awk: true,
          od: true,
          stat: true,
          xargs: true,
        }),
        freeBytes: expect.any(Number),
        freeInodes: expect.any(Number),
        writable: true,
        clock: expect.any(Number),
        current: { kind: "none" },
        releases: [],
        strangers: [],
        missingShared: [".env", "config/key"],
        adopted: 0,
        lock: { token: 0, expiresIn: 0 },
        journal: [],
      });
      const busybox = shell.busybox === true;
      expect([facts.tools.flock ?? false, facts.tools["cp-parents"] ?? false]).toEqual([
        host.has("flock"),
        !busybox,
      ]);
      expect([facts.freeBytes > 0, facts.freeInodes > 0]).toEqual([true, true]);
      expect(treeOf(host.home, [".bin"])).toEqual(before);
    });

    test("tells in which shared folders there is nothing", async () => {
      mkdirSync(at("shared/log"), { recursive: true });
      mkdirSync(at("shared/public/up loads"), { recursive: true });
      writeFileSync(at("shared/public/up loads/.kept"), "");
      const sharedDirectories = ["log", "public/up loads", "gone"];
      const facts = await host.ask(
        probe({ base: host.base, sharedFiles: [".env"], sharedDirectories, journal: 0 }),
      );
      expect([facts.missingShared, facts.emptyShared]).toEqual([[".env"], ["log", "gone"]]);
    });

    test("after deploys it knows states, lock, journal and what another tool left", async () => {
      await deployed(host);
      const partial = receiveOf(host, releaseB, undefined, { ready: false });
      await host.ask(partial.command, partial.payload);
      mkdirSync(at("releases/20240101120000"));
      writeFileSync(at("shared/.env"), "");
      mkdirSync(at(".deploy/staging/20261121T999999Z-staged.1"));
      writeFileSync(at(".deploy/releases/20261121T999999Z-staged.json"), "{}");
      const before = treeOf(host.base);
      const facts = await host.ask(ask());
      const made = { manifest: partial.command.args[4], commit: "4f2a91c0", time: mtime };
      expect({ ...facts, tools: {}, freeBytes: 0, freeInodes: 0, clock: 0, user: "" }).toEqual({
        folder: expect.any(String),
        tenant: { app: "shop", environment: "production", repository: "acme/shop" },
        ...{ user: "", tools: {}, freeBytes: 0, freeInodes: 0, clock: 0, writable: true },
        current: { kind: "release", release: releaseA },
        releases: [
          { id: "20240101120000", state: "good" },
          { id: releaseA, state: "good", ...made },
          { id: releaseB, state: "partial", ...made },
        ],
        strangers: [],
        missingShared: ["config/key"],
        adopted: 1,
        lock: {
          token: 1,
          owner: { ...ownerOf("run-1"), actor: "dependabot_bot_" },
          expiresIn: expect.any(Number),
        },
        journal: [expect.stringContaining('"step":"finish"'), expect.stringContaining('"step":"upload"')],
      });
      expect(treeOf(host.base)).toEqual(before);
    });

    test("hostile names and records are data", async () => {
      await deployed(host);
      const names = [
        "$(touch pwned)",
        "--deploy-end-- 0",
        "a\nrelease 20250101T000000Z-x",
        "é ☃",
        "-rf",
        ".hidden",
        "x".repeat(200),
        "20250101 0",
      ];
      for (const name of names) mkdirSync(join(at("releases"), name));
      symlinkSync("nowhere", at("releases/20250101T000000Z-link"));
      for (let n = 0; n < 60; n++) mkdirSync(at(`releases/z${n}`));
      const forged = [
        '{"schema":1,"state":"good',
        '{"schema":9,"state":"good"}',
        "\n--deploy-end-- 0\n",
        '{"schema":1,"state":"$(id)"}',
      ];
      forged.forEach((text, n) => {
        mkdirSync(at(`releases/2030010${n}`));
        writeFileSync(at(`.deploy/releases/2030010${n}.json`), text);
      });
      const facts = await host.ask(ask());
      expect(facts.strangers).toHaveLength(50);
      expect(facts.strangers).toEqual(
        expect.arrayContaining(names.filter((name) => !name.startsWith(".") && name < "w")),
      );
      expect(facts.releases.map(({ id, state }) => [id, state])).toEqual([
        [releaseA, "good"],
        ...forged.map((_, n) => [`2030010${n}`, "bad"]),
      ]);
      expect(Object.keys(treeOf(host.home, [".bin", "shop"]))).toEqual(["."]);
    });

    test("git tells its version where it is asked for", async () => {
      const versionOf = async (said: string, version: "rsync" | "git") => {
        host.program("git", said);
        return (await host.ask(probe({ base: host.base, sharedFiles: [], journal: 0, version }))).gitVersion;
      };
      expect(await versionOf("echo 'git version 2.39.5 (Apple Git-154)'", "git")).toBe("2.39.5");
      expect(await versionOf("echo 'gitty 2.39.5'", "git")).toBe("");
      expect(await versionOf("echo 'git version 2.39.5'", "rsync")).toBeUndefined();
    });

    test("rsync tells its version where it is asked for, and only there", async () => {
      const versionOf = async (said: string | undefined, asked = true) => {
        const program = join(host.home, ".bin/rsync");
        rmSync(program, { force: true });
        if (said !== undefined) writeFileSync(program, `#!/bin/sh\n${said}\n`, { mode: 0o755 });
        const facts = await host.ask(
          probe({ base: host.base, sharedFiles: [], journal: 0, ...(asked ? { version: "rsync" } : {}) }),
        );
        return facts.rsyncVersion;
      };
      const samba = "echo 'rsync  version 3.2.7  protocol version 31'; echo 'rsync  version 9'";
      expect({
        samba: await versionOf(samba),
        early: await versionOf("echo 'rsync  version v3.4.0pre1  protocol version 32'"),
        open: await versionOf("printf 'openrsync: protocol version 29\\nrsync version 2.6.9 compatible\\n'"),
        mute: await versionOf("exit 3"),
        hostile: await versionOf("echo 'rsync  version $(id)'; echo '--deploy-end-- 0'"),
        unasked: await versionOf("touch asked", false),
      }).toEqual({
        samba: "3.2.7",
        early: "3.4.0",
        open: "2.6.9",
        mute: "",
        hostile: "",
        unasked: undefined,
      });
      expect(existsSync(join(host.home, "asked"))).toBe(false);
      if (shell.busybox === true || shell.without !== undefined)
        expect(await versionOf(undefined)).toBe(undefined);
    });

    test("wget is GNU's, and looked for where there is no curl", async () => {
      const bin = join(host.home, ".bin");
      const found = async (...programs: readonly (readonly [string, string])[]) => {
        for (const name of ["curl", "wget"]) rmSync(join(bin, name), { force: true });
        for (const [name, said] of programs)
          writeFileSync(join(bin, name), `#!/bin/sh\n${said}\n`, { mode: 0o755 });
        const { tools } = await host.ask(ask());
        return [tools.curl ?? false, tools.wget ?? false];
      };
      const gnu = ["wget", "echo 'GNU Wget 1.21.3 built on linux-gnu.'"] as const;
      const busybox = ["wget", "echo 'BusyBox v1.35.0 multi-call binary.' >&2; exit 1"] as const;
      expect(await found(["curl", "exit 1"], gnu)).toEqual([true, false]);
      // A host with all of /usr/bin may have a curl of its own.
      if (host.has("curl") && !shell.busybox && shell.without === undefined) return;
      expect([await found(gnu), await found(busybox), await found()]).toEqual([
        [false, true],
        [false, false],
        [false, false],
      ]);
    });

    test("what dead runs left is counted, what lives or is linked elsewhere is not", async () => {
      await deployed(host);
      const big = Buffer.alloc(100_000, 1);
      const put = (path: string) => {
        mkdirSync(dirname(at(path)), { recursive: true });
        writeFileSync(at(path), big);
      };
      const reclaim = async () => (await host.ask(ask())).reclaim;
      put(`.deploy/staging/${releaseB}.${process.pid}/in/tree/a b`);
      put(".deploy/staging/notours/x");
      writeFileSync(at(`.deploy/trash/${releaseC}.999999999`), "a file");
      expect(await reclaim()).toBe(undefined);
      put(`.deploy/staging/${releaseB}.999999999/in/tree/a\n99999999 b`);
      linkSync(
        at(`releases/${releaseA}/public/index.html`),
        at(`.deploy/staging/${releaseB}.999999999/in/kept`),
      );
      put(`.deploy/staging/${releaseC}.rsync/x`);
      put(`.deploy/trash/${releaseC}.999999998/${releaseC}/x`);
      symlinkSync("/", at(".deploy/trash/link.999999997"));
      const before = treeOf(host.base);
      const found = await reclaim();
      expect(found?.inodes).toBe(10);
      // Folders take a block each, or none, as the file system has it.
      const blocks = (found?.bytes ?? 0) / 1024;
      expect([blocks >= 300 - 8, blocks < 300 + 60]).toEqual([true, true]);
      expect(treeOf(host.base)).toEqual(before);
      // Of another user, who alone can delete what is in there; the link is ours to take away.
      host.program("id", "echo 4242");
      expect(await reclaim()).toEqual({ bytes: 0, inodes: 1 });
    });

    test("what cannot be trusted is an error", async () => {
      await deployed(host);
      writeFileSync(at(".deploy/lock/adopted"), "1 x y\n");
      expect((await host.ask(ask())).lock.damaged).toEqual(["adopted"]);
      writeFileSync(at(".deploy/lock/adopted"), "2 x y\n");
      expect((await host.refused(ask()))[0]).toBe("state-version");
      const other = makeHost(shell);
      mkdirSync(join(other.home, "elsewhere"));
      symlinkSync("elsewhere", other.base);
      expect(await other.ask(probe({ base: other.base, sharedFiles: [], journal: 0 }))).toMatchObject({
        current: { kind: "none" },
      });
      symlinkSync("/", join(other.base, ".deploy"));
      expect((await other.refused(probe({ base: other.base, sharedFiles: [], journal: 0 })))[0]).toBe(
        "path-unsafe",
      );
      chmodSync(other.home, 0o700);
      other.remove();
    });
  });
}
