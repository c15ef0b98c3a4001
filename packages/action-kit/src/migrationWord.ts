import type { InputReader } from "./reader.ts";

/** On a migration of a release that failed, or was lost, in an earlier run. */
export interface MigrationWord {
  readonly retry: boolean;
  readonly resolve?: "retry" | "done";
}

export function readMigrationWord(read: InputReader): MigrationWord {
  const retry = read.flag("retry", false);
  // Empty is neither: the reader's choice would take the first.
  if (read.string("resolve") === undefined) return { retry };
  return { retry, resolve: read.choice("resolve", ["retry", "done"]) };
}
