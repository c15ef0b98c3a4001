import { lstatSync, mkdirSync } from "node:fs";
import module from "node:module";
import { join } from "node:path";

/**
 * Keeps what Node compiled of us for the next start, in `deploy/compiled` of the person's cache folder (Node 22.8 or newer).
 * What lies there is run: nobody else may write there, and in a job, where builds may, nothing is kept.
 */
export function keepCompiled(env: Readonly<Record<string, string | undefined>>): void {
  const { CI, HOME, XDG_CACHE_HOME } = env;
  const caches = XDG_CACHE_HOME || (HOME && join(HOME, ".cache"));
  if (CI || !caches) return;
  const folder = join(caches, "deploy", "compiled");
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid, mode } = lstatSync(folder);
    if (uid === process.getuid?.() && (mode & 0o022) === 0) module.enableCompileCache?.(folder);
  } catch {
    // A home that takes nothing costs a tenth of a second, and no deploy.
  }
}
