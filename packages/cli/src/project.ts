import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { defaultConfig } from "./options.ts";

/** The folder a command works in: the nearest one upwards that holds a config of ours, not beyond the repository. */
export function projectOf(cwd: string): string {
  return upwards(cwd, defaultConfig) ?? cwd;
}

/** Where GitHub looks for workflows: the top of the repository, or the folder itself outside one. */
export function repositoryOf(cwd: string): string {
  return upwards(cwd, ".git") ?? cwd;
}

function upwards(folder: string, wanted: string): string | undefined {
  if (existsSync(join(folder, wanted))) return folder;
  if (existsSync(join(folder, ".git")) || dirname(folder) === folder) return undefined;
  return upwards(dirname(folder), wanted);
}
