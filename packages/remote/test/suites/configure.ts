import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type ConfigureOptions, configure, probe } from "../../src/index.ts";
import { makeHost, type Shell, type TestHost } from "../host.ts";
import { deployed, fenceOf, releaseA } from "../scenario.ts";

export function configureSuite(shell: Shell): void {
  describe(`a server's file on ${shell.name}`, () => {
    let host: TestHost;
    beforeEach(async () => {
      host = makeHost(shell);
      await deployed(host);
      mkdirSync(join(host.base, `releases/${releaseA}/config`));
      writeFileSync(
        join(host.base, `releases/${releaseA}/config/site`),
        "name {{deploy.host}}\nroot {{deploy.current}}\n",
      );
    });
    afterEach(() => host.remove());
    const place = () => join(host.home, "etc/site");
    const asked = (changes: Partial<ConfigureOptions> = {}): ConfigureOptions => ({
      ...{ fence: fenceOf(host), release: releaseA, values: { host: "web&1" }, drift: "stop" },
      files: [
        {
          ...{ from: "config/site", to: "~/etc/site", level: "user" },
          test: { name: "grep", text: `grep -q 'web&1' "$file" || { echo 'no such host'; exit 1; }` },
        },
      ],
      ...changes,
    });

    test("gets its values, is tried, and written", async () => {
      expect(await host.ask(configure("test", asked()))).toEqual([{ standing: "gone", lines: 0, shown: [] }]);
      expect(await host.refused(configure("test", asked({ values: { host: "x" } })))).toEqual([
        "config-refused",
        "grep does not take config/site: no such host",
      ]);
      await host.ask(configure("put", asked()));
      expect(readFileSync(place(), "utf8")).toBe(`name web&1\nroot ${host.base}/current\n`);
    });

    test("changed by hand is seen, stops, is kept on a way back, and overwritten where asked", async () => {
      await host.ask(configure("put", asked()));
      appendFileSync(place(), "by hand\npassword=hunter2\n");
      const { configured } = await host.ask(probe({ base: host.base, sharedFiles: [], journal: 0 }));
      const shown = ["> by hand", "> password ..."];
      expect(configured).toEqual([{ to: "~/etc/site", state: "differs", lines: 2, shown }]);
      expect((await host.refused(configure("put", asked())))[0]).toBe("config-drift");
      await host.ask(configure("put", asked({ drift: "keep" })));
      expect(readFileSync(place(), "utf8")).toContain("by hand");
      await host.ask(configure("put", asked({ drift: "overwrite" })));
      expect(readFileSync(place(), "utf8")).not.toContain("by hand");
    });
  });
}
