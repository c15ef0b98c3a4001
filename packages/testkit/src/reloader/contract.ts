import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { needs } from "../needs.ts";
import { until } from "../until.ts";
import { openSite, type Site } from "./site.ts";
import type { Reloader } from "./subject.ts";

/** New connections that are asked once a release is proved. */
const many = 50;

/**
 * What every way of reloading an application keeps, together with the health check that follows it: on a real host, by the
 * production code. `reloader` is a server and an application for it.
 */
export function reloaderContract(reloader: Reloader): void {
  needs(
    "sshd",
    "ip",
    "curl",
    ...reloader.parts,
  )(`${reloader.name} keeps the reloader contract`, () => {
    let site: Site;
    let live: string;
    const serving = (release: string) => Array(many).fill(release);
    /** Starts the server in this folder, in the place of the one that runs. */
    const startIn = async (folder: string) => {
      await reloader.start(site.host, `${site.deployTo}/${folder}`);
      await until("an answer", async () => (await site.answers(1))[0] === live);
    };
    beforeAll(async () => {
      site = await openSite(reloader);
      const first = await site.deploy(reloader.app, null);
      expect(first.result).toBe("deployed");
      live = first.release;
      await startIn("current");
    }, 60_000);
    afterAll(() => site?.close());

    test("a new release answers, and the old one never again", async () => {
      const leave = await site.visitors();
      const report = await site.deploy(reloader.app);
      const { sent, failed } = await leave();
      expect(sent).toBeGreaterThan(0);
      if (reloader.gentle === true) expect(failed).toEqual([]);
      expect([report.result, report.problems]).toEqual(["deployed", []]);
      expect(report.release).not.toBe(live);
      live = report.release;
      expect(await site.answers(many)).toEqual(serving(live));
    });

    if (reloader.untested !== undefined)
      test("a release that does not come up is stopped before the switch", async () => {
        const report = await site.deploy(reloader.broken);
        expect([report.result, report.problems.map(({ code }) => code)]).toEqual([
          "failed",
          ["command-failed"],
        ]);
        expect(await site.answers(many)).toEqual(serving(live));
      });

    test("a release that does not come up goes back: the old one answers, and the next one goes through", async () => {
      const report = await site.deploy(reloader.broken, reloader.untested);
      const found = reloader.settles === true ? /^command-failed$/ : /^(command-failed|unhealthy)$/;
      expect([report.result, report.problems.map(({ code }) => code)]).toEqual([
        "reverted",
        [expect.stringMatching(found)],
      ]);
      expect(await site.answers(many)).toEqual(serving(live));
      const next = await site.deploy(reloader.app);
      expect(next.result).toBe("deployed");
      live = next.release;
      expect(await site.answers(many)).toEqual(serving(live));
    });

    test("a server that was told the release instead of `current` is found out by the release it names", async () => {
      await startIn(`releases/${live}`);
      const report = await site.deploy(reloader.app);
      const [result, code, said] =
        reloader.sees === true
          ? ["failed", "command-failed", "was started inside of a release"]
          : ["reverted", "unhealthy", report.release];
      expect([report.result, report.problems.map((one) => one.code)]).toEqual([result, [code]]);
      expect(report.problems[0]?.message).toContain(said);
      expect(await site.answers(many)).toEqual(serving(live));
    });
  });
}
