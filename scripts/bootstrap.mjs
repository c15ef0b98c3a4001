// The one file that must run on the newcomer's own Node (20.19 or newer):
// installs what the lockfile names, then runs its arguments under the pinned Node 24.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Node ${process.versions.node} is too old: install Node 20.19 or newer.`);
}

const stamp = join(root, "node_modules", ".bootstrap");
const lock = createHash("sha256");
for (const file of ["pnpm-lock.yaml", "package.json", "pnpm-workspace.yaml"]) {
  lock.update(readFileSync(join(root, file)));
}
const wanted = lock.digest("hex");
if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== wanted) {
  install();
  writeFileSync(stamp, wanted);
}

const [script, ...args] = process.argv.slice(2);
const node = node24();
const ran = spawnSync(node, ["--disable-warning=ExperimentalWarning", script, ...args], {
  cwd: process.cwd(),
  stdio: "inherit",
  env: { ...process.env, DEPLOY_ROOT: root, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` },
});
if (ran.error) fail(ran.error.message);
process.exit(ran.status ?? 1);

function install() {
  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  console.error(`Installing dependencies with ${packageManager} …`);
  const done = spawnSync(
    "npx",
    ["--yes", packageManager, "install", "--frozen-lockfile", "--reporter=append-only", "--loglevel=warn"],
    { cwd: root, stdio: ["ignore", 2, 2] },
  );
  if (done.status !== 0) fail("pnpm install failed: see its message above.");
}

function node24() {
  const name = `node-${process.platform}-${process.arch}`;
  const pinned = join(root, "node_modules", name, "bin", "node");
  if (existsSync(pinned)) return pinned;
  if (major >= 24) return process.execPath;
  fail(`There is no pinned Node 24 for ${process.platform}-${process.arch}: install Node 24.`);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
