import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isRunning } from "../processes.ts";

/** A folder named after this process; those of dead processes are removed first. */
export function makeOwnFolder(name = "deploy-fleet", parent = tmpdir()): string {
  for (const found of readdirSync(parent)) {
    if (isStale(found, name)) rmSync(join(parent, found), { recursive: true, force: true });
  }
  return mkdtempSync(join(parent, `${name}-${process.pid}-`));
}

function isStale(found: string, name: string): boolean {
  const pid = found.startsWith(`${name}-`) ? /^(\d+)-/.exec(found.slice(name.length + 1))?.[1] : undefined;
  return pid !== undefined && !isRunning(Number(pid));
}
