import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/lib/root.ts";

/**
 * The `node_modules` of a folder with a package.json and its lockfile, installed on demand below `build/`, once per
 * lockfile: what only a test or a measurement needs must not make everybody's install larger. Throws npm's own words.
 */
export function installPackages(folder: string): string {
  const lock = readFileSync(join(folder, "package-lock.json"));
  const name = createHash("sha256").update(lock).digest("hex").slice(0, 16);
  const packages = join(root, "build", "packages");
  const home = join(packages, name);
  if (existsSync(home)) return join(home, "node_modules");
  mkdirSync(packages, { recursive: true });
  // Made apart and renamed: a half-done install is never taken for one.
  const scratch = mkdtempSync(join(packages, "partial-"));
  try {
    for (const file of ["package.json", "package-lock.json"]) {
      copyFileSync(join(folder, file), join(scratch, file));
    }
    execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd: scratch,
      stdio: "pipe",
    });
    if (!existsSync(home)) renameSync(scratch, home);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return join(home, "node_modules");
}
