import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { lockAcquire, probe } from "../../src/index.ts";
import { makeSite, site } from "../bridges.ts";
import { makeHost, type Shell, type TestHost } from "../host.ts";
import { cleared, followed, groupsOf, launchOf, stateOf } from "../jobs.ts";
import { deployed, ownerOf } from "../scenario.ts";
import { standIn } from "../standIn.ts";

export interface Crowd {
  /** Commands that come at once. */
  readonly racers: number;
  /** Files of a release with fingerprints; more than programs may be started for them. Nothing where another run has them. */
  readonly files?: number;
}

export function crowdSuite(shell: Shell, { racers, files }: Crowd): void {
  describe(`crowds on ${shell.name}`, () => {
    let host: TestHost;
    beforeEach(() => {
      host = makeHost(shell);
    });
    afterEach(() => {
      const clear = cleared(groupsOf(host));
      host.remove();
      expect(clear).toBe(true);
    });
    const all = <T>(work: (index: number) => Promise<T>) =>
      Promise.all(Array.from({ length: racers }, (_, index) => work(index)));

    test(`${racers} at once: one holder of the lock`, async () => {
      const answers = await all((n) =>
        host.refused(lockAcquire({ base: host.base, owner: ownerOf(`run-${n}`), lease: 600 })),
      );
      const count = (code: string) => answers.filter(([found]) => found === code).length;
      expect([count("ok"), count("locked")]).toEqual([1, racers - 1]);
      const { lock } = await host.ask(probe({ base: host.base, sharedFiles: [], journal: 1 }));
      expect(lock.token).toBe(1);
    });

    test(`${racers} launches at once: one execution`, async () => {
      await deployed(host);
      const [counter, gate] = [join(host.base, "counter"), join(host.base, "gate")];
      const run = `printf x >>${counter}; until [ -e ${gate} ]; do sleep 0.1; done`;
      const answers = await all(() => host.ask(launchOf(host, run)));
      expect(answers.filter(({ started }) => started)).toHaveLength(1);
      writeFileSync(gate, "");
      expect([stateOf((await followed(host))[0]), readFileSync(counter, "utf8")]).toEqual(["done 0", "x"]);
    });

    if (files === undefined) return;
    test(`a bridge of ${files} files: no process per line`, async () => {
      const on = makeSite(host);
      const assets: Record<string, string> = {};
      for (let index = 0; index < files; index++) assets[`f${index % 7}/app-${index}.js`] = `${index}`;
      await on.deploy("a", site(assets));
      const calls = join(host.home, "calls");
      for (const tool of ["cp", "mkdir", "touch", "rm", "find", "awk", "stat", "sha256sum", "xargs"])
        standIn(host, tool, [`echo ${tool} >>${calls}`, 'exec $real "$@"']);
      expect(await on.make("b", site({}))).toEqual({ files, skipped: 0 });
      expect(on.assets("b").length).toBe(files);
      expect(readFileSync(calls, "utf8").split("\n").length).toBeLessThan(150);
    });
  });
}
