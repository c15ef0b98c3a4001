import { randomBytes } from "node:crypto";
import { closeSync, openSync, rmSync } from "node:fs";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { sha256Of } from "../digest.ts";
import { isAbsent, temporary } from "./paths.ts";

/** Milliseconds after which a lock is a killed process's: it is held for a few system calls without a wait. */
const abandoned = 10_000;
/** Milliseconds between two tries, at least. */
const between = 5;

/**
 * Does something to one key that takes several system calls and must be one step, while no other process of this folder does.
 * POSIX has no rename that compares first.
 */
export async function withLock<T>(root: string, key: string, work: () => T): Promise<T> {
  const folder = join(root, temporary);
  const lock = join(folder, `${sha256Of(Buffer.from(key))}.lock`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (;;) {
    const done = locked(lock, work);
    if (done !== undefined) return done.value;
    await breakAbandoned(lock, folder);
    await pause(between * (1 + Math.random()));
  }
}

/** Undefined: another has it. From lock to unlock no other work of this process comes between. */
function locked<T>(lock: string, work: () => T): { readonly value: T } | undefined {
  try {
    closeSync(openSync(lock, "wx", 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return undefined;
    throw error;
  }
  try {
    return { value: work() };
  } finally {
    rmSync(lock, { force: true });
  }
}

/** Renamed away and not removed: of several who find it, one does. */
async function breakAbandoned(lock: string, folder: string): Promise<void> {
  try {
    if (Date.now() - (await stat(lock)).mtimeMs < abandoned) return;
    const aside = join(folder, `broken-${randomBytes(8).toString("hex")}`);
    await rename(lock, aside);
    await rm(aside, { force: true });
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
}
