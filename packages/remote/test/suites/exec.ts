import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "@deploy/testkit";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { endCommand, execCommand, holdCommand } from "../../src/index.ts";
import { makeHost, type Shell, type TestHost } from "../host.ts";
import { membersOf } from "../jobs.ts";
import { deployed, releaseA } from "../scenario.ts";

export function execSuite(shell: Shell): void {
  describe(`a person's commands on ${shell.name}`, () => {
    let host: TestHost;
    beforeEach(async () => {
      host = makeHost(shell);
      await deployed(host);
    });
    afterEach(() => host.remove());
    const at = (path: string) => join(host.base, path);
    const command = (run: string, fed: boolean, envFile?: string) =>
      execCommand(
        { base: host.base, run, ...(envFile === undefined ? {} : { envFile }) },
        { id: "c0ffee", how: fed ? "fed" : "tied" },
      );

    test("runs in the live folder, with the file; what comes is its own to read", async () => {
      mkdirSync(at("shared"), { recursive: true });
      writeFileSync(at("shared/.env"), "WORD='a b'\n");
      const run = 'echo "$DEPLOY_RELEASE $WORD"; pwd -P; cat; exit 3';
      const result = await host.exec(command(run, true, ".env"), Buffer.from("typed\n"));
      const stdout = `${releaseA} a b\n${at(`releases/${releaseA}`)}\ntyped\n`;
      expect(result).toMatchObject({ status: "exited", code: 3, stdout, stderr: "" });
    });

    test("fed: it is ended where the connection is lost that it came by", async () => {
      if (!host.has("setsid")) return;
      const run = `echo $$ >${at("told")}; mv ${at("told")} ${at("begun")}; sleep 600`;
      const [over, lost] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const running = host.exec(command(run, true), undefined, over.promise);
      const held = host.exec(holdCommand(host.base, "c0ffee"), undefined, lost.promise);
      await until("it", () => existsSync(at("begun")));
      lost.resolve();
      expect([await running, await held]).toMatchObject([{ code: 143 }, { code: 0 }]);
      over.resolve();
      expect(membersOf(Number(readFileSync(at("begun"), "utf8")))).toEqual([]);
    });

    test.each([true, false])("fed %j: it is ended with all that it started", async (fed) => {
      if (!host.has("setsid")) return;
      const run = `sleep 600 & echo $$ >${at("told")}; mv ${at("told")} ${at("begun")}; wait; wait`;
      const begun = until("it", () => existsSync(at("begun")));
      const over = Promise.withResolvers<void>();
      const running = host.exec(command(run, fed), undefined, fed ? over.promise : begun);
      await begun;
      if (fed) await host.ask(endCommand(host.base, "c0ffee"));
      expect(await running).toMatchObject({ status: "exited", code: 143 });
      over.resolve();
      const group = Number(readFileSync(at("begun"), "utf8"));
      expect([membersOf(group), readdirSync(at(".deploy/staging"))]).toEqual([[], []]);
    });

    test("without a live release nothing runs", async () => {
      rmSync(at("current"));
      expect((await host.refused(command("true", true)))[0]).toBe("release-missing");
    });
  });
}
