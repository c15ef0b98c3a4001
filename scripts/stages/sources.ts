import { existsSync } from "node:fs";
import { join } from "node:path";
import { folder, readSources } from "../lib/hostScripts.ts";
import { root } from "../lib/root.ts";
import { run, runNode } from "../lib/run.ts";
import { which } from "../lib/which.ts";
import { hostScriptProblems } from "./hostScripts.ts";
import { failed, missing, passed, type Stage, verdictOf } from "./stage.ts";

const tool = (path: string) => join(root, "node_modules", path);
const script = (path: string) => join(root, "scripts", path);

export const biome: Stage = {
  name: "biome",
  fast: true,
  run: async () =>
    verdictOf(await runNode(tool("@biomejs/biome/bin/biome"), ["check", "--error-on-warnings"])),
};

export const types: Stage = {
  name: "types",
  fast: true,
  run: async () => verdictOf(await runNode(tool("typescript/bin/tsc"), ["-p", "."])),
};

export const imports: Stage = {
  name: "imports",
  fast: true,
  run: async () => verdictOf(await runNode(script("imports.ts"), [])),
};

export const generated: Stage = {
  name: "generated files",
  fast: true,
  run: async () => verdictOf(await run(process.execPath, [script("generate.ts"), "--check"])),
};

/** Every shell script git knows of, or is about to know of; those for hosts as they are sent. */
export function shellcheck(strict: boolean): Stage {
  return {
    name: "shellcheck",
    fast: false,
    async run() {
      const program = which("shellcheck");
      if (program === undefined) return missing("shellcheck", "apt-get install shellcheck", strict);
      const listed = await run("git", [
        ...["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--"],
        ...["*.sh", ".ci/*", `:!${folder}`],
      ]);
      if (listed.code !== 0) return verdictOf(listed);
      // A file that git still lists may be gone from the folder.
      const files = listed.output.split("\0").filter((file) => file !== "" && existsSync(join(root, file)));
      const ran = await run(program, ["--", ...files]);
      const problems = await hostScriptProblems(program, readSources());
      return ran.code === 0 && problems.length === 0 ? passed : failed([ran.output, ...problems].join("\n"));
    },
  };
}
