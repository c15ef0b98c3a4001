import type { SourceMap } from "./sourceMap.ts";

export interface Warning {
  readonly text: string;
  readonly place: { readonly file: string; readonly line?: number; readonly column?: number };
}

/** What a compiler made, and all it read for that. */
export interface Compiled {
  readonly css: string;
  readonly map?: SourceMap;
  /** Absolute; the entry point among them. */
  readonly inputs: readonly string[];
  /** Absolute paths it looked for in vain: a file that appears there later changes the outcome. */
  readonly missed: readonly string[];
  readonly warnings: readonly Warning[];
  /** False where something unknown took part, such as a plug-in. */
  readonly repeatable: boolean;
}
