import { frame, readLines, wordsOf } from "../answer.ts";
import { checkCount, checkDigest } from "../check.ts";
import type { RemoteCommand } from "../command.ts";
import { toldNumber } from "../told.ts";
import { ask, type Source } from "./drivers.ts";
import { warningsOf } from "./inspect.ts";
import type { Compression, RestoredDump } from "./types.ts";

export interface RestoreOptions {
  /** Database, file or folder to make; it must not exist. For a command: what DEPLOY_RESTORE_INTO tells it. */
  readonly into: string;
  readonly compression: Compression;
  /** Of the dump before compression, as its manifest has them. */
  readonly bytes: number;
  readonly sha256: string;
  /** False: without owners and grants, for a scratch database. PostgreSQL only. */
  readonly owners?: boolean;
}

/**
 * Restores what follows `secretLine(source)` in the payload, as it was stored and decrypted. What is not whole is taken
 * away again, or never gets its name; only a command's own work cannot be taken back.
 * Throws `restore-damaged`, `restore-exists`, `restore-failed`, `restore-unsafe`, `disk-full`, `tool-missing`, `backup-source`.
 */
export function restoreDump(source: Source, options: RestoreOptions): RemoteCommand<RestoredDump> {
  const { into, compression, bytes, sha256, owners = true } = options;
  const expected = [compression, checkCount("a size", bytes), checkDigest(sha256)];
  return {
    ...ask("restore", source, (name) => [...expected, name(into), owners ? "1" : "0"]),
    kind: "once",
    rehearsal: frame("restored 0"),
    parse: (result) => {
      const lines = readLines(`restore ${source.kind}`, result);
      return {
        tables: toldNumber("restored tables", wordsOf(lines, "restored")[0]),
        warnings: warningsOf(lines),
      };
    },
  };
}
