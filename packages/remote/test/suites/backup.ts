import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type BackupOptions, backup, bindBackup } from "../../src/index.ts";
import { makeHost, type Shell, type TestHost } from "../host.ts";
import { deployed, fenceOf, releaseA } from "../scenario.ts";
import { sha256 } from "../stream.ts";

export function backupSuite(shell: Shell): void {
  describe(`backup on ${shell.name}`, () => {
    let host: TestHost;
    beforeEach(async () => {
      host = makeHost(shell);
      await deployed(host);
    });
    afterEach(() => host.remove());
    const at = (path: string) => join(host.base, path);
    const of = (source: BackupOptions["source"], keep = 3) =>
      backup({ fence: fenceOf(host), release: releaseA, source, keep });
    const dump = (run: string, verify = "grep -q whole", keep = 3) =>
      of({ database: "command", run, verify }, keep);
    const kept = () => (existsSync(at(".deploy/backups")) ? readdirSync(at(".deploy/backups")).sort() : []);

    test("a dump is read back, named, described last, and private", async () => {
      const answer = await host.ask(dump('printf "%s\\n" "the whole $DEPLOY_RELEASE"; cat REVISION'));
      const text = `the whole ${releaseA}\n4f2a91c0\n`;
      const id = `${releaseA}.001`;
      expect(answer).toEqual({
        id,
        path: at(`.deploy/backups/${id}`),
        bytes: text.length,
        sha256: sha256(text),
        removed: [],
      });
      expect(readFileSync(answer.path, "utf8")).toBe(text);
      expect([statSync(answer.path).mode & 0o777, kept()]).toEqual([0o600, [id, `${id}.json`]]);
      expect(JSON.parse(readFileSync(`${answer.path}.json`, "utf8"))).toMatchObject({
        ...{
          schema: 1,
          id,
          release: releaseA,
          kind: "command",
          bytes: text.length,
          sha256: sha256(text),
          run: "run-1",
        },
      });
    });

    test.each([
      ["the dump command ended 3: oops", "echo whole; echo oops >&2; exit 3", "true"],
      ["the dump command ended 137: ", "echo whole; kill -9 $$", "true"],
      ["the dump command ended 0 but printed nothing", "true", "true"],
      ["the dump does not verify, the command ended 1: ", "echo half", "grep -q whole"],
    ])("%s: no backup", async (message, run, verify) => {
      const [code, said] = await host.refused(dump(run, verify));
      expect([code, said.startsWith(message.trim()), kept()]).toEqual(["backup-failed", true, []]);
    });

    test("keeps the newest, counts only what is whole, and touches nothing else", async () => {
      mkdirSync(at(".deploy/backups"), { mode: 0o700 });
      for (const name of ["20250101.001", "20250102.001", "20250103.001"]) {
        writeFileSync(at(`.deploy/backups/${name}`), "whole");
        writeFileSync(at(`.deploy/backups/${name}.json`), "{}");
      }
      for (const name of ["20250104.001", "20250105.001.json", "mine.txt"])
        writeFileSync(at(`.deploy/backups/${name}`), "x");
      const answer = await host.ask(dump("echo whole", "grep -q whole", 2));
      expect(answer.removed).toEqual(["20250102.001", "20250101.001"]);
      const left = [
        "20250103.001",
        "20250103.001.json",
        "20250104.001",
        "20250105.001.json",
        answer.id,
        `${answer.id}.json`,
        "mine.txt",
      ];
      expect(kept()).toEqual(left);
      expect((await host.ask(dump("echo whole", "true", 1))).removed).toEqual([answer.id, "20250103.001"]);
      expect((await host.refused(dump("echo whole", "true", 0)))[0]).toBe("argument-refused");
    });

    test("what a release names stays, however many come after it", async () => {
      const { id, path } = await host.ask(dump("echo whole"));
      const job = `migrate-${releaseA}`;
      await host.ask(bindBackup({ fence: fenceOf(host), release: releaseA, job, backup: { id, path } }));
      const next = await host.ask(dump("echo whole", "true", 1));
      const last = await host.ask(dump("echo whole", "true", 1));
      expect([next.removed, last.removed]).toEqual([[], [next.id]]);
      expect(kept()).toEqual([id, `${id}.json`, last.id, `${last.id}.json`]);
    });

    test("sqlite: a live copy that passes its integrity check; a missing, empty or broken one does not", async () => {
      const path = "db/it's $(x).sqlite";
      mkdirSync(at("shared/db"));
      const sql = (file: string, text: string) => execFileSync("sqlite3", [file, text], { encoding: "utf8" });
      sql(at(`shared/${path}`), "pragma journal_mode=wal; create table t(x); insert into t values(42);");
      const answer = await host.ask(of({ database: "sqlite", path }));
      expect(sql(answer.path, "select x from t")).toBe("42\n");
      expect(kept()).toEqual([answer.id, `${answer.id}.json`]);
      writeFileSync(at("shared/empty"), "");
      writeFileSync(at("shared/broken"), "no database, but long enough to be read as one ".repeat(100));
      for (const wrong of ["none", "empty", "broken"]) {
        expect((await host.refused(of({ database: "sqlite", path: wrong })))[0]).toBe("backup-failed");
      }
      expect([existsSync(at("shared/none")), kept()]).toEqual([false, [answer.id, `${answer.id}.json`]]);
    });
  });
}
