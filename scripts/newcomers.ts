// `npm run test:newcomer`: every stack's own skeleton to its first release, then what it took a person. Ends with 1 where an aim is missed.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./lib/root.ts";
import { runNode } from "./lib/run.ts";

type Row = readonly [stack: string, commands: number, all: number, ours: number];

/** The most that a newcomer should need: lines typed, and milliseconds in all and without npm's, pip's and the like. */
const aims = [6, 300_000, 60_000] as const;

const mine = mkdtempSync(join(tmpdir(), "deploy-newcomers-"));
const told = join(mine, "told");
const env = { ...process.env, DEPLOY_SHARE: "all", DEPLOY_NEWCOMERS: told };
const test = ["test/newcomer", "--parts", ...process.argv.slice(2)];
const { code } = await runNode(join(root, "scripts/jest.ts"), test, { env, stream: true });
const lines = existsSync(told) ? readFileSync(told, "utf8").trim().split("\n") : [];
const rows = lines.map((line) => JSON.parse(line) as Row);
const seconds = (milliseconds: number) => `${Math.round(milliseconds / 100) / 10} s`;
console.table(
  rows.map(([stack, commands, all, ours]) => ({ stack, commands, all: seconds(all), ours: seconds(ours) })),
);
const missed = rows.filter(([, ...took]) => took.some((each, index) => each > (aims[index] ?? 0)));
for (const [stack] of missed)
  console.log(
    `${stack} misses an aim: ${aims[0]} commands, ${seconds(aims[1])}, ${seconds(aims[2])} of ours`,
  );
rmSync(mine, { recursive: true, force: true });
process.exitCode = missed.length > 0 ? 1 : code;
