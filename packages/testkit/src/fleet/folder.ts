import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isRunning } from "../processes.ts";

/** A folder for one fleet, named after this process; those of dead processes are removed first. */
export function makeFleetFolder(): string {
  for (const name of readdirSync(tmpdir()).filter(isStale)) {
    rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
  return mkdtempSync(join(tmpdir(), `deploy-fleet-${process.pid}-`));
}

function isStale(name: string): boolean {
  const pid = name.match(/^deploy-fleet-(\d+)-/)?.[1];
  return pid !== undefined && !isRunning(Number(pid));
}
