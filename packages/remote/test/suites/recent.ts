import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { finish } from "../../src/index.ts";
import { makeHost, type Shell, type TestHost } from "../host.ts";
import { deployed, fenceOf, releaseA } from "../scenario.ts";

const names = ["a", "b", "c", "d", "e"].map((letter, n) => `2020010${n + 1}T000000Z-${letter.repeat(7)}`);
const [a = "", b = "", c = "", d = "", e = ""] = names;

const switched = (time: string, from: string | null, to: string | null, more = {}): string =>
  `${JSON.stringify({ time, run: "r", token: 1, from, to, step: "activate", result: "ok", ...more })}\n`;
const ago = (seconds: number): string =>
  new Date(Date.now() - seconds * 1000).toISOString().replace(/\.\d+/, "");
const long = "2020-01-01T00:00:00Z";

/** What a journal says was live, and what of it finish then keeps. */
const journals: readonly (readonly [string, string | undefined, number | undefined, readonly string[]])[] = [
  [
    "what was live just now stays, whatever ended it",
    [
      switched(ago(9000), null, a),
      switched(ago(8000), a, b),
      switched(ago(3000), b, c, { step: "rollback" }),
      switched(ago(2000), d, releaseA, { result: "failed" }),
      switched(ago(2000), e, releaseA, { step: "reload" }),
      "torn by a crash, {\n",
      switched(ago(1000), c, releaseA, { step: "revert" }),
    ].join(""),
    3600,
    [b, c],
  ],
  [
    "another tool's switch ended what was live, at the latest when we switched next",
    [switched(ago(9000), null, a), switched(ago(8000), b, c), switched(ago(10), d, releaseA)].join(""),
    3600,
    [c, d],
  ],
  ["nothing stays where no time is configured", switched(ago(1), a, releaseA), undefined, []],
  ["long ago", switched(long, a, releaseA), 86_400, []],
  ["the clock was set back: the journal is ahead", switched("2999-01-01T00:00:00Z", a, releaseA), 1, [a]],
  ["a time that is none", switched("yesterday; $(id)", a, releaseA), 60, [a]],
  ["the last switch is not to what is live", switched(long, b, a), 60, [a]],
  ["no journal", undefined, 60, names],
];

export function recentSuite(shell: Shell): void {
  describe(`finish and what was live just now on ${shell.name}`, () => {
    let host: TestHost;
    beforeAll(async () => {
      host = makeHost(shell);
      await deployed(host);
    });
    afterAll(() => host.remove());
    const at = (path: string) => join(host.base, path);

    /** The reasons of what was kept; the rest is gone. */
    async function keptOf(journal: string | undefined, keepFor: number | undefined) {
      for (const name of names) mkdirSync(at(`releases/${name}`), { recursive: true });
      rmSync(at(".deploy/journal.jsonl"), { force: true });
      if (journal !== undefined) writeFileSync(at(".deploy/journal.jsonl"), journal);
      const options = { fence: fenceOf(host), release: releaseA, bad: null, removals: names, keepFor };
      const { kept, removed } = await host.ask(finish(options));
      expect(names.filter((name) => existsSync(at(`releases/${name}`)))).toEqual(
        names.filter((name) => !removed.includes(name)),
      );
      return Object.fromEntries(kept.map(({ release, because }) => [release, because]));
    }

    test.each(journals)("%s", async (_, journal, keepFor, expected) => {
      expect(Object.keys(await keptOf(journal, keepFor))).toEqual(expected);
    });

    test("each reason is told", async () => {
      const time = ago(100);
      const known = await keptOf(switched(time, a, releaseA), 3600);
      const program = join(host.home, ".bin/date");
      rmSync(program, { force: true });
      writeFileSync(
        program,
        '#!/bin/sh\ncase "$*" in *@*) exit 1 ;; *%s*) echo 1800000000 ;; *) echo 2026-11-21T00:00:00Z ;; esac\n',
        { mode: 0o755 },
      );
      expect([known, await keptOf(switched(long, a, releaseA), 60)]).toEqual([
        { [a]: `it was live until ${time}, less than 3600 seconds ago` },
        Object.fromEntries(names.map((name) => [name, "when it was live cannot be told"])),
      ]);
    });
  });
}
