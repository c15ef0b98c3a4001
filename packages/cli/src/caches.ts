import { lstatSync, mkdirSync } from "node:fs";
import { join } from "node:path";

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
