// npm run bench:requirements -- [--hosts 1,4] [--rounds 3]
// What `prepare` costs where nothing that it reads has changed: 1,900 files of which ten change, and on the host `npm ci` of 100
// packages with 20,000 files, from archives in the repository (no network). Whole commands, in turns, in one run: without the command,
// with it at each release, and carried over by copy and by hard links. `of running` is what carrying over adds, of what running it adds.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { listActions } from "../../scripts/build/actions.ts";
import { build } from "../../scripts/build/build.ts";
import { root } from "../../scripts/lib/root.ts";
import { render } from "../../scripts/render/render.ts";
import { openWorld, type World } from "../upload/world.ts";
import { commandPeer } from "./command.ts";
import { type Column, median } from "./table.ts";

const { values } = parseArgs({
  options: { hosts: { type: "string", default: "1,4" }, rounds: { type: "string", default: "3" } },
});
const [packages, filesOfEach] = [100, 200];
const run = "npm ci --offline --ignore-scripts --no-audit --no-fund --cache /tmp/npm-cache";
const carried = { run, reads: ["package.json", "package-lock.json", "vendor"], makes: ["node_modules"] };
const ways: readonly (readonly [string, readonly object[]])[] = [
  ["without", []],
  ["each time", [{ run }]],
  ["carried over, copy", [{ ...carried, unchanged: "copy" }]],
  ["carried over, link", [{ ...carried, unchanged: "link" }]],
];

const tree = mkdtempSync(join(tmpdir(), "deploy-requirements-"));
try {
  await build(listActions(), join(root, "build", "dist"));
  render({ repository: "org/deploy", ref: "v1", self: "explicit", out: join(tree, "tree") });
  for (const hosts of values.hosts.split(",").map(Number)) await bench(hosts);
} finally {
  rmSync(tree, { recursive: true, force: true });
}

async function bench(hosts: number): Promise<void> {
  const world = await openWorld(hosts, 0, 2_000);
  try {
    writePackages(world);
    const columns = ways.map(([name, prepare], at): Column & { readonly name: string } => ({
      ...{ name, seconds: [] },
      peer: commandPeer(world, join(tree, "tree"), { name: `way${at}`, extra: { prepare } }),
    }));
    for (const { peer } of columns) await peer.begin("equal");
    // The first is cold, and the second the first that can carry over.
    for (let number = 0; number <= Number(values.rounds) + 1; number++) {
      const round = await world.next(number);
      for (const { peer, seconds } of columns) {
        const sample = await peer.deploy(round);
        if (number > 1) seconds.push(sample.seconds);
      }
    }
    print(hosts, columns);
  } finally {
    await world.close();
  }
}

function print(hosts: number, columns: readonly (Column & { readonly name: string })[]): void {
  const [without = 0, each = 0] = columns.map(({ seconds }) => median(seconds));
  console.log(
    `\n${hosts} hosts; seconds of the whole command, median of ${values.rounds}, and of running it`,
  );
  for (const { name, seconds } of columns) {
    const share = (median(seconds) - without) / (each - without);
    console.log(`${name.padEnd(20)}${median(seconds).toFixed(2).padStart(8)}${share.toFixed(3).padStart(8)}`);
  }
}

/** Archives as `npm pack` makes them, and the lock file that npm itself writes for them. */
function writePackages({ work, app }: World): void {
  mkdirSync(join(app, "vendor"), { recursive: true });
  const dependencies: Record<string, string> = {};
  for (let at = 0; at < packages; at++) {
    const folder = join(work, "packing", "package");
    mkdirSync(join(folder, "lib"), { recursive: true });
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: `part${at}`, version: "1.0.0" }));
    for (let file = 1; file < filesOfEach; file++)
      writeFileSync(
        join(folder, `lib/${file}.js`),
        `export const part${at}of${file} = ${file * at};\n`.repeat(20),
      );
    execFileSync("tar", [
      ...["-C", join(work, "packing"), "-czf"],
      ...[join(app, `vendor/part${at}.tgz`), "package"],
    ]);
    rmSync(join(work, "packing"), { recursive: true });
    dependencies[`part${at}`] = `file:vendor/part${at}.tgz`;
  }
  writeFileSync(
    join(app, "package.json"),
    JSON.stringify({ name: "app", version: "1.0.0", private: true, dependencies }),
  );
  execFileSync(
    "npm",
    ["install", "--package-lock-only", "--offline", "--ignore-scripts", "--no-audit", "--no-fund"],
    {
      cwd: app,
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
}
