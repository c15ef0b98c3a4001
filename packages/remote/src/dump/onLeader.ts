import type { BackupSource } from "@deploy/core";
import { frame, fromHex, readLines, wordsOf } from "../answer.ts";
import { checkCount, checkRelease, fenceArgs } from "../check.ts";
import type { RemoteCommand } from "../command.ts";
import type { Fence } from "../fence.ts";
import { scripts } from "../scripts.gen.ts";
import { toldDigest, toldNumber } from "../told.ts";
import { refuse } from "./check.ts";
import { driverOf } from "./drivers.ts";

export interface BackupOptions {
  readonly fence: Fence;
  readonly release: string;
  readonly source: BackupSource;
  readonly keep: number;
}

export interface BackedUp {
  readonly id: string;
  /** On the leader. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  /** SQLite tables that could not be wholly checked, and why. */
  readonly unchecked?: string;
  readonly removed: readonly string[];
}

/**
 * Dumps, reads the dump back, and only then names it a backup, in .deploy/backups (0600). The newest `keep` stay.
 * `run` and `verify` have the new release as directory. Throws `backup-failed`, `disk-full`, `tool-missing`.
 */
export function backup(options: BackupOptions): RemoteCommand<BackedUp> {
  const { source } = options;
  const what =
    driverOf(source.database).local?.(source) ?? refuse("what a host keeps by itself", source.database);
  const release = checkRelease(options.release);
  return {
    name: "backup",
    kind: "once",
    script: scripts.onLeader,
    args: [
      ...fenceArgs(options.fence),
      release,
      checkCount("a number", options.keep),
      source.database,
      ...what,
    ],
    payload: false,
    rehearsal: frame(`backup ${release}.001 0 ${"0".repeat(64)}`, "path "),
    parse: (result) => backedUp(readLines("backup", result)),
  };
}

function backedUp(lines: readonly string[]): BackedUp {
  const [id = "", bytes, sha256] = wordsOf(lines, "backup");
  const removed = lines.filter((line) => line.startsWith("removed ")).map((line) => line.slice(8));
  const unchecked = fromHex(lines.find((line) => line.startsWith("unchecked "))?.slice(10));
  return {
    id,
    path: fromHex(wordsOf(lines, "path")[0]),
    bytes: toldNumber("a size", bytes),
    sha256: toldDigest("a SHA-256", sha256),
    removed,
    ...(unchecked === "" ? {} : { unchecked }),
  };
}
