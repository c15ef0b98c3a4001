import type { Problem } from "@deploy/core";
import type { Warning } from "../compile/compiled.ts";
import type { Tool } from "../tools/tool.ts";

/** What became of one task, as plain data: it comes from workers and goes into the cache. */
export interface Made {
  readonly bytes: Uint8Array;
  readonly map?: Uint8Array;
  /** Bytes before minifying. */
  readonly before: number;
  /** Absolute: all that was read, and all that was looked for in vain. */
  readonly inputs: readonly string[];
  readonly missed: readonly string[];
  readonly warnings: readonly Warning[];
  /** What really worked on it. */
  readonly tools: readonly Tool[];
  /** False where something unknown took part, so that it may be different next time. */
  readonly repeatable: boolean;
}

export type Outcome = { readonly made: Made } | { readonly problem: Problem };
