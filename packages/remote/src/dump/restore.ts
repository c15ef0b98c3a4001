import { DeployError } from "@deploy/core";
import { frame, fromHex, readLines, wordsOf } from "../answer.ts";
import { checkCount, checkDigest } from "../check.ts";
import type { RemoteCommand } from "../command.ts";
import { toldNumber } from "../told.ts";
import { checkText } from "./check.ts";
import { ask, driverOf, type Source } from "./drivers.ts";
import { warningsOf } from "./inspect.ts";
import type { Compression, RestoredDump } from "./types.ts";

export interface RestoreOptions {
  /** Database, file or folder to make; it must not exist. For a command: what DEPLOY_RESTORE_INTO tells it. */
  readonly into: string;
  readonly compression: Compression;
  /** Of the dump before compression, as its manifest has them. */
  readonly bytes: number;
  readonly sha256: string;
  /** False: without owners, grants and definers. Servers only. */
  readonly owners?: boolean;
  /** Past what fails, to the end. Servers only. */
  readonly keepGoing?: boolean;
  /** What made the dump, as its manifest says: its form may be newer than what this host reads. */
  readonly tool?: string;
}

/**
 * Restores what follows `secretLine(source)` in the payload, as it was stored and decrypted. What is not whole is taken
 * away again, or never gets its name; only a command's own work cannot be taken back.
 * Throws `restore-damaged`, `restore-exists`, `restore-failed`, `restore-unsafe`, `backup-client-old`, `disk-full`, `tool-missing`, `backup-source`.
 */
export function restoreDump(source: Source, options: RestoreOptions): RemoteCommand<RestoredDump> {
  const { into, compression, bytes, sha256, owners = true, keepGoing = false, tool = "" } = options;
  if (keepGoing && driverOf(source.kind).url === undefined) {
    throw new DeployError("argument-refused", `a restore of ${source.kind} cannot go on past what fails`);
  }
  const how = [owners ? "1" : "0", keepGoing ? "1" : "0", checkText("a tool", tool)];
  const expected = [compression, checkCount("a size", bytes), checkDigest(sha256)];
  return {
    ...ask("restore", source, (name) => [...expected, name(into), ...how]),
    kind: "once",
    rehearsal: frame("restored 0"),
    parse: (result) => {
      const lines = readLines(`restore ${source.kind}`, result);
      const failures = lines.flatMap((line) => (line.startsWith("failed ") ? [fromHex(line.slice(7))] : []));
      return {
        tables: toldNumber("restored tables", wordsOf(lines, "restored")[0]),
        warnings: warningsOf(lines),
        ...(failures.length === 0 ? {} : { failures }),
      };
    },
  };
}
