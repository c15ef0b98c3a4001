import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { repositoryOf } from "../project.ts";
import { appNameFrom, nextSteps, type StarterFile, starterFiles } from "../starter.ts";
import type { Context } from "./context.ts";

/** Writes what is missing, keeps what is there, and says what is left to do. */
export async function initCommand({ io, screen }: Context): Promise<number> {
  const folder = repositoryOf(io.cwd);
  const app = appNameFrom(basename(folder));
  for (const file of starterFiles(app)) {
    const made = await ensureFile(folder, file);
    screen.say(`${made ? screen.paint("green", "wrote") : screen.paint("dim", "kept ")} ${file.path}`);
  }
  screen.say(`\n${nextSteps(app)}`);
  return 0;
}

/** False: there is one already, and it stays as it is. */
async function ensureFile(folder: string, file: StarterFile): Promise<boolean> {
  const path = join(folder, file.path);
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(path, file.text, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}
