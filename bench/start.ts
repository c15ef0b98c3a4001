// npm run bench:start [-- --rounds 9]
// What every job pays before anything is done: the tarball that it downloads, and how long each action takes to start,
// beside Node alone. Without inputs an action says what it misses, which is the first thing it can do.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { listActions } from "../scripts/build/actions.ts";
import { build } from "../scripts/build/build.ts";
import { root } from "../scripts/lib/root.ts";
import { render } from "../scripts/render/render.ts";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "9" } } });
const folder = mkdtempSync(join(tmpdir(), "deploy-start-"));
try {
  await build(listActions(), join(root, "build", "dist"));
  const tree = join(folder, "tree");
  const files = render({ repository: "org/deploy", ref: "v1", self: "dollar", out: tree });
  const tarball = execFileSync("tar", ["-cz", "-C", folder, "tree"], { maxBuffer: 1 << 28 });
  const nothing = join(folder, "nothing.mjs");
  writeFileSync(nothing, "");
  const mains = new Map([["node alone", nothing]]);
  for (const action of listActions()) mains.set(action, join(tree, "dist", action, "index.mjs"));
  const times = new Map([...mains.keys()].map((name): [string, number[]] => [name, []]));
  // In turns, so that what else the machine does meets all of them.
  for (let round = 0; round < Number(values.rounds); round++)
    for (const [name, main] of mains) times.get(name)?.push(start(main));
  const floor = median(times.get("node alone") ?? []);
  console.log(`cold start, seconds, median of ${values.rounds}, and the ratio to Node alone`);
  for (const [name, taken] of times)
    console.log(`  ${name.padEnd(13)} ${median(taken).toFixed(3)}  ${(median(taken) / floor).toFixed(1)}`);
  console.log(`tarball ${(tarball.length / 1e6).toFixed(2)} MB, ${files} files`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Seconds. */
function start(main: string): number {
  const env = { PATH: process.env.PATH, RUNNER_TEMP: folder, GITHUB_ACTIONS: "true" };
  const begun = performance.now();
  spawnSync(process.execPath, [main], { env, cwd: folder });
  return (performance.now() - begun) / 1000;
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
