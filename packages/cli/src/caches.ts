import { lstatSync, mkdirSync } from "node:fs";
import { readdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * A folder below `deploy/` in the person's cache folder, made where it is missing. What lies there is trusted: undefined where
 * somebody else may write to it, and in a job, where builds may.
 */
export function ownCache(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
): string | undefined {
  const { CI, HOME, XDG_CACHE_HOME } = env;
  const caches = XDG_CACHE_HOME || (HOME && join(HOME, ".cache"));
  if (CI || !caches) return undefined;
  const folder = join(caches, "deploy", name);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid, mode } = lstatSync(folder);
    return uid === process.getuid?.() && (mode & 0o022) === 0 ? folder : undefined;
  } catch {
    // A home that takes nothing costs time, and no deploy.
    return undefined;
  }
}

/** Sources of which something is kept: a large application has some ten megabytes of marks. */
const most = 10;
const longest = 30 * 86_400_000;

/**
 * Removes what was kept of other sources: all but the ten that were packed last, and those whose last pack is thirty days ago. What
 * is here is one of them; its file `clock` is written with each pack. What cannot be removed costs room, and no deploy.
 */
export async function pruneCaches(here: string, now: Date): Promise<void> {
  const parent = dirname(here);
  const names = (await readdir(parent).catch(() => [])).filter((name) => /^[0-9a-f]{16}$/.test(name));
  const used = await Promise.all(
    names.map(async (name) => {
      const { mtimeMs } = await stat(join(parent, name, "clock")).catch(() => ({ mtimeMs: 0 }));
      return { folder: join(parent, name), at: mtimeMs };
    }),
  );
  const others = used.filter(({ folder }) => folder !== here).sort((one, other) => other.at - one.at);
  const old = others.filter(({ at }, rank) => rank >= most - 1 || now.getTime() - at > longest);
  await Promise.all(old.map(({ folder }) => rm(folder, { recursive: true, force: true }).catch(() => {})));
}
