import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseConfig, type ReachedHost, type Remark } from "@deploy/core";
import { hostRemarks, questionsFor, wantedVersions } from "@deploy/core/doctor";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { examine } from "../../src/index.ts";
import { makeHost, type Shell, type TestHost } from "../host.ts";
import { releaseA } from "../scenario.ts";
import { configText, env, faults, programs } from "./examineFaults.ts";

const listening =
  'const s = require("net").createServer().listen(0, "127.0.0.1", () => console.log(s.address().port))';

/** Of this machine, which others use, too: told where a row is about it, and nowhere else. */
const ofTheMachine = /^\w+ web1 (upgrades|memory|open files|logout)/;

export function examineSuite(shell: Shell): void {
  describe(`doctor on ${shell.name}`, () => {
    let host: TestHost;
    let good: readonly Remark[];
    let app: ChildProcess;
    let port = 0;
    const look = () => lookAt(host, port);
    beforeAll(async () => {
      host = makeHost(shell);
      chmodSync(host.home, 0o755);
      for (const [name, text] of Object.entries(programs)) host.program(name, text);
      for (const folder of [`releases/${releaseA}`, "shared/uploads"])
        mkdirSync(join(host.base, folder), { recursive: true, mode: 0o755 });
      symlinkSync(`releases/${releaseA}`, join(host.base, "current"));
      writeFileSync(join(host.base, "shared/.env"), "KEY=1\n", { mode: 0o600 });
      writeFileSync(join(host.base, "shared/db.env"), env, { mode: 0o600 });
      // A process that is younger than the link.
      app = spawn(process.execPath, ["-e", listening], { stdio: ["ignore", "pipe", "inherit"] });
      port = Number(String(await once(app.stdout as NodeJS.ReadableStream, "data")));
      good = await look();
    });
    afterAll(() => {
      app.kill("SIGKILL");
      host.remove();
    });

    test("a host as it should be has nothing to mend", () => {
      expect(good.map(lineOf).filter((line) => !/^ok /.test(line) && !ofTheMachine.test(line))).toEqual([]);
    });

    test("what a shell prints before the answer is told, and is none of it", async () => {
      const command = examine({ base: host.base, checks: [] });
      const result = await host.exec(command);
      if (result.status !== "exited") throw new Error(result.status);
      const noisy = command.parse({ ...result, stdout: `Welcome to web1!\n${result.stdout}` });
      expect([command.parse(result).noisy, noisy]).toEqual([
        false,
        { ...command.parse(result), noisy: true },
      ]);
    });

    test.each(faults)("$told", async ({ told, fix, make }) => {
      const mend = make(host);
      const remarks = await look();
      mend?.();
      const plain = (text: string) =>
        text
          .replaceAll(host.base, "BASE")
          .replaceAll(host.home, "HOME")
          .replace(/\S*\/systemctl reload/, "SYSTEMCTL reload")
          .replace(/(?<=^kill |: process )\d+/, "PID")
          .replace("127.0.0.1:6432", "127.0.0.1:5432")
          .replace(`on ${port} `, "on PORT ");
      const about = told.replace(/^\w+ (web1 [^:]*):.*/, "$1");
      const isThis = (line: string) => line.includes(` ${about}: `);
      const lines = remarks.map((remark) => plain(lineOf(remark)));
      const mends = remarks.filter((remark) => isThis(lineOf(remark))).map((remark) => remark.fix);
      // All other lines are as they were.
      const others = (all: readonly string[]) =>
        all.filter((line) => !isThis(line) && !ofTheMachine.test(line));
      expect(others(lines)).toEqual(others(good.map((remark) => plain(lineOf(remark)))));
      expect(lines.filter(isThis)).toEqual([told]);
      expect(mends.map((text) => (text === undefined ? undefined : plain(text)))).toEqual([fix]);
    });
  });
}

const lineOf = ({ level, host, about, text }: Remark) => `${level} ${host} ${about}: ${text}`;

async function lookAt(host: TestHost, port: number): Promise<readonly Remark[]> {
  const config = parseConfig(configText(host, port), { file: "deploy.yml" });
  const questions = questionsFor({
    config,
    host: "web1",
    missing: [],
    wanted: wantedVersions({ ".nvmrc": "v20\n" }),
  });
  const examined = await host.ask(examine({ base: host.base, checks: questions.map(({ run }) => run) }));
  const facts = {
    ...{ host: "web1", reached: true, user: "deploy", freeBytes: 9e9, freeInodes: 1e6, releases: [] },
    ...{ writable: true, missingShared: [], tools: { tar: true, sha256sum: true } },
    current: { kind: "release", release: releaseA },
  } as unknown as ReachedHost;
  return hostRemarks({ facts, examined }, { deployTo: host.base, questions, keep: 5, prepares: true });
}
