import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "@deploy/testkit";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { leaseRenew, leaseTake, markDrained, poolFile, probe, type Watch } from "../../src/index.ts";
import { makeHost, type Shell, type TestHost } from "../host.ts";
import { deployed, fenceOf, releaseA, releaseB } from "../scenario.ts";

const watch: Watch = {
  ...{ back: { path: "drain", outWhile: "present" }, status: 200, named: true, passes: 2 },
  probe: {
    url: "http://shop.test:8080/up",
    address: "::1",
    timeout: 5000,
    headers: ["X-Forwarded-Proto: https"],
  },
};
const answer = (release: string, status = "200 OK") =>
  `HTTP/1.1 ${status}\r\nX-Release: ${release}\r\n\r\nup, not ${releaseB}`;

export function leaseSuite(shell: Shell): void {
  describe(`a host that is out and hears of nobody on ${shell.name}`, () => {
    let host: TestHost;
    beforeEach(async () => {
      host = makeHost(shell);
      await deployed(host);
      host.program("curl", 'echo "$*" >"$HOME/asked"; cat "$HOME/answer"');
    });
    afterEach(() => host.remove());
    const at = (path: string) => join(host.base, path);
    const say = (text: string) => writeFileSync(join(host.home, "answer"), text);
    const isIn = () => ![at("shared/drain"), at(".deploy/drained"), at(".deploy/lease")].some(existsSync);
    const whyOut = async () =>
      (await host.ask(probe({ base: host.base, sharedFiles: [], journal: 0 }))).drained?.why;

    /** Takes it out; its lease runs out in so many seconds. */
    async function leave(seconds: number, more: Partial<Watch> = {}) {
      await host.ask(markDrained(fenceOf(host)));
      const taken = await host.ask(leaseTake(fenceOf(host), seconds, { ...watch, ...more }));
      await host.ask(poolFile(fenceOf(host), "drain", "make", "drain"));
      return taken;
    }
    const stays = (why: RegExp) => until(String(why), async () => why.test((await whyOut()) ?? ""));

    test("is asked as the run would, stays while it is not well, and then returns by itself", async () => {
      say(answer(releaseA, "503 Service Unavailable"));
      expect(await leave(0)).toBeUndefined();
      await stays(/^http:\/\/shop.test:8080\/up said HTTP\/1.1 503 Service Unavailable$/);
      say(answer(releaseB));
      await stays(new RegExp(`does not name release ${releaseA}$`));
      say(`HTTP/1.1 200 OK\r\n\r\nup, not ${releaseB}`);
      await stays(/does not name/);
      expect(isIn()).toBe(false);
      say(answer(releaseA));
      await until("its return", isIn);
      expect(existsSync(at(".deploy/watched"))).toBe(false);
      expect(readFileSync(join(host.home, "asked"), "utf8")).toMatch(
        /--connect-to ::\[::1\]: --max-time 5.000 -H X-Forwarded-Proto: https --url http:\/\/shop.test:8080\/up$/m,
      );
      const [, last] = readFileSync(at(".deploy/journal.jsonl"), "utf8").trim().split("\n").slice(-2);
      expect(last).toContain(`"to":"${releaseA}","step":"return","result":"by itself"`);
      expect(await host.ask(leaseRenew(fenceOf(host), 600))).toBe(false);
    });

    test("is left alone while it is renewed, and by the watcher of a run before", async () => {
      say(answer(releaseA));
      await leave(600);
      await leave(600);
      expect([await host.ask(leaseRenew(fenceOf(host), 600)), isIn()]).toEqual([true, false]);
      expect(await host.ask(leaseRenew(fenceOf(host), 0))).toBe(true);
      await until("its return", isIn);
    });

    test("stays out where somebody else wrote the file, and where the release is not whole", async () => {
      say(answer(releaseA));
      await leave(600);
      writeFileSync(at("shared/drain"), "maintenance\n");
      await host.ask(leaseRenew(fenceOf(host), 0));
      await stays(/^somebody else wrote \S+\/shared\/drain$/);
      const record = at(`.deploy/releases/${releaseA}.json`);
      writeFileSync(record, readFileSync(record, "utf8").replace('"good"', '"bad"'));
      await stays(new RegExp(`^release ${releaseA} is bad$`));
      expect(isIn()).toBe(false);
    });

    test("that is not out yet is watched on: a slow run takes it out later", async () => {
      say(answer(releaseA));
      await host.ask(markDrained(fenceOf(host)));
      await host.ask(leaseTake(fenceOf(host), 0, { ...watch, passes: 1 }));
      const asked = join(host.home, "asked");
      for (const look of ["the first look", "the second"]) {
        await until(look, () => existsSync(asked));
        rmSync(asked);
      }
      await host.ask(poolFile(fenceOf(host), "drain", "make", "drain"));
      await until("its return", isIn);
    });

    test("the other way round, it returns by a file", async () => {
      say(answer(releaseA, "204"));
      mkdirSync(at("shared/up"));
      await host.ask(markDrained(fenceOf(host)));
      const back = { path: "up/serve", outWhile: "absent" } as const;
      const other = { back, status: 204, named: false };
      await host.ask(leaseTake(fenceOf(host), 0, { ...watch, ...other }));
      await until("its return", () => existsSync(at("shared/up/serve")) && isIn());
    });

    test("or by the user's commands, once they say that it is in", async () => {
      say(answer(releaseA));
      const back = { return: "pwd | sed 's|.*/||' >>~/returned", read: "cat ~/where" };
      writeFileSync(join(host.home, "where"), "down\n");
      await host.ask(markDrained(fenceOf(host)));
      await host.ask(leaseTake(fenceOf(host), 0, { ...watch, back }));
      await stays(/^it is down there$/);
      writeFileSync(join(host.home, "where"), "in\n");
      const returned = () => readFileSync(join(host.home, "returned"), "utf8");
      await until("its return", () => isIn() && returned() !== "");
      expect(returned()).toMatch(new RegExp(`^(${releaseA}\\n)+$`));
    });
  });
}
