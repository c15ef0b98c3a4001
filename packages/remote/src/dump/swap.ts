import { frame, readLines, wordsOf } from "../answer.ts";
import type { RemoteCommand } from "../command.ts";
import { ask, type Source } from "./drivers.ts";
import { warningsOf } from "./inspect.ts";
import type { Swapped } from "./types.ts";

export interface SwapOptions {
  /** What was restored aside; it takes the source's name. */
  readonly from: string;
  /** The name that what is there now gets; it must not exist. */
  readonly keepAs: string;
  /** End the sessions that use it instead of refusing. PostgreSQL only: a file in use is always refused. */
  readonly disconnect?: boolean;
}

/**
 * Whether what a restore makes could take the source's place, before anything is dumped. Payload: `secretLine(source)`.
 * Throws `restore-refused`: a mount point, a folder that may not be written in, another filesystem.
 */
export function checkSwap(source: Source): RemoteCommand<void> {
  return {
    ...ask("swappable", source),
    kind: "read",
    rehearsal: frame("swappable"),
    parse: (result) => {
      readLines(`swappable ${source.kind}`, result);
    },
  };
}

/**
 * Puts what was restored aside in the place of the source, all or nothing. Payload: `secretLine(source)`.
 * Throws `restore-busy` (naming who uses it), `restore-exists`, `restore-failed`, `backup-source`.
 */
export function swapDatabase(source: Source, options: SwapOptions): RemoteCommand<Swapped> {
  const { from, keepAs, disconnect = false } = options;
  return {
    ...ask("swap", source, (name) => [name(from), name(keepAs), disconnect ? "1" : "0"]),
    kind: "once",
    rehearsal: frame("swapped 1"),
    parse: (result) => {
      const lines = readLines(`swap ${source.kind}`, result);
      return { kept: wordsOf(lines, "swapped")[0] === "1", warnings: warningsOf(lines) };
    },
  };
}
