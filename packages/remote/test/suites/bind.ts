import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BoundBackup } from "@deploy/core";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { bindBackup, finish, flip, markReady, probe } from "../../src/index.ts";
import { makeHost, type Shell, type TestHost, treeOf } from "../host.ts";
import { deployed, fenceOf, receiveOf, releaseA, releaseB } from "../scenario.ts";

const backupOf = (number: number): BoundBackup => ({
  id: `20261121T08445${number}Z-shop-7f3a`,
  restore: `deploy restore 20261121T08445${number}Z-shop-7f3a --environment production --confirm 'it'\\''s "$(shop)" \\ é'`,
});

export function bindSuite(shell: Shell): void {
  describe(`a bound backup on ${shell.name}`, () => {
    let host: TestHost;
    beforeEach(async () => {
      host = makeHost(shell);
      await deployed(host);
    });
    afterEach(() => host.remove());
    const at = (path: string) => join(host.base, path);
    const file = (release = releaseA) => at(`.deploy/releases/${release}.backup`);
    const job = `migrate-${releaseA}`;
    const bind = (backup: BoundBackup, release = releaseA) =>
      bindBackup({ fence: fenceOf(host), release, job, backup });
    const known = async () => {
      const { releases } = await host.ask(probe({ base: host.base, sharedFiles: [], journal: 0 }));
      return releases.map(({ id, backup }) => [id, backup]);
    };

    test("lies beside the release's record, private, and is read back whole", async () => {
      const record = readFileSync(at(`.deploy/releases/${releaseA}.json`), "utf8");
      expect(await known()).toEqual([[releaseA, undefined]]);
      expect(await host.ask(bind(backupOf(1)))).toEqual(backupOf(1));
      expect(await known()).toEqual([[releaseA, backupOf(1)]]);
      expect([statSync(file()).mode & 0o777, JSON.parse(readFileSync(file(), "utf8"))]).toEqual([
        0o600,
        { schema: 1, ...backupOf(1) },
      ]);
      expect(readFileSync(at(`.deploy/releases/${releaseA}.json`), "utf8")).toBe(record);
    });

    test("asked again it is the same; a newer one takes its place until the job began", async () => {
      await host.ask(bind(backupOf(1)));
      const before = treeOf(host.base);
      await host.ask(bind(backupOf(1)));
      expect(treeOf(host.base)).toEqual(before);
      expect(await host.ask(bind(backupOf(2)))).toEqual(backupOf(2));
      mkdirSync(at(`.deploy/jobs/${job}`), { recursive: true });
      expect(await host.ask(bind(backupOf(3)))).toEqual(backupOf(2));
      rmSync(at(`.deploy/jobs/${job}`), { recursive: true });
      mkdirSync(at(`.deploy/jobs/${job}~1`));
      expect(await host.ask(bind(backupOf(3)))).toEqual(backupOf(2));
      expect(await known()).toEqual([[releaseA, backupOf(2)]]);
    });

    test("of a job that began without one is bound all the same", async () => {
      mkdirSync(at(`.deploy/jobs/${job}`), { recursive: true });
      expect(await host.ask(bind(backupOf(1)))).toEqual(backupOf(1));
      writeFileSync(file(), "damaged\n");
      expect(await host.ask(bind(backupOf(2)))).toEqual(backupOf(2));
    });

    test("a path on the host is bound too", async () => {
      const local: BoundBackup = { id: `${releaseA}.001`, path: at(`.deploy/backups/${releaseA}.001`) };
      expect(await host.ask(bind(local))).toEqual(local);
      expect(await known()).toEqual([[releaseA, local]]);
    });

    test("outlives the release being prepared anew, its states, and goes with the release", async () => {
      const partial = receiveOf(host, releaseB, undefined, { ready: false });
      await host.ask(partial.command, partial.payload);
      await host.ask(bind(backupOf(1), releaseB));
      await host.ask(partial.command, partial.payload);
      await host.ask(markReady({ fence: fenceOf(host), release: releaseB }));
      const both = [
        [releaseA, undefined],
        [releaseB, backupOf(1)],
      ];
      expect(await known()).toEqual(both);
      await host.ask(flip({ fence: fenceOf(host), expect: releaseA, to: releaseB, step: "activate" }));
      await host.ask(bind(backupOf(2)));
      await host.ask(finish({ fence: fenceOf(host), release: releaseB, bad: null, removals: [releaseA] }));
      expect(await known()).toEqual([[releaseB, backupOf(1)]]);
      expect(() => statSync(file())).toThrow("ENOENT");
    });

    test("is refused to a run that lost its lock, and to a release that is not there", async () => {
      const late = bindBackup({ fence: fenceOf(host, 0), release: releaseA, job, backup: backupOf(1) });
      expect((await host.refused(late))[0]).toBe("fenced");
      expect((await host.refused(bind(backupOf(1), releaseB)))[0]).toBe("release-missing");
      expect(await known()).toEqual([[releaseA, undefined]]);
    });

    test("what somebody else wrote there is data: nothing, or no backup", async () => {
      const forged = [
        "",
        "\n",
        "--deploy-end-- 0\n",
        `{"schema":9,"id":"x","restore":"deploy restore x"}\n`,
        `{"schema":1,"id":"x","restore":"deploy restore x; rm -rf ~"}\n`,
        `{"schema":1,"id":"x","restore":"deploy restore x\\u000adeploy unlock"}\n`,
        `\nrelease 20300101 {"schema":1,"state":"good"}\n`,
        `{"schema":1,"id":"${"x".repeat(9000)}"}\n`,
        "\0\u00ff".repeat(5000),
      ];
      for (const text of forged) {
        writeFileSync(file(), text);
        expect(await known()).toEqual([[releaseA, undefined]]);
      }
      mkdirSync(file(releaseB));
      expect(await known()).toEqual([[releaseA, undefined]]);
    });
  });
}
