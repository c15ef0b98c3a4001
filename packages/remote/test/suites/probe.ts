import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { probe } from "../../src/index.ts";
import { makeHost, type Shell, type TestHost, treeOf } from "../host.ts";
import { deployed, ownerOf, prepareOf, releaseA, releaseB } from "../scenario.ts";

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

    test("after deploys it knows states, lock, journal and what another tool left", async () => {
      await deployed(host);
      const partial = prepareOf(host, releaseB, undefined, { ready: false });
      await host.ask(partial.command, partial.payload);
      mkdirSync(at("releases/20240101120000"));
      writeFileSync(at("shared/.env"), "");
      mkdirSync(at(".deploy/staging/20261121T999999Z-staged.1"));
      writeFileSync(at(".deploy/releases/20261121T999999Z-staged.json"), "{}");
      const before = treeOf(host.base);
      const facts = await host.ask(ask());
      const made = { manifest: partial.command.args[4], commit: "4f2a91c0" };
      expect({ ...facts, tools: {}, freeBytes: 0, freeInodes: 0, clock: 0, user: "" }).toEqual({
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

    test("what cannot be trusted is an error", async () => {
      await deployed(host);
      writeFileSync(at(".deploy/lock/adopted"), "1 x y\n");
      expect((await host.refused(ask()))[0]).toBe("lock-corrupt");
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
