import type { Warning } from "../compile/compiled.ts";
import type { BuildOptions } from "../types.ts";

/** What a build says while it works. */
export interface Teller {
  begin(total: number, done: number): void;
  /** One more file is done. */
  step(path: string): void;
  /** Once each: many entry points import the same part, and every worker meets the same tool. */
  warnings(warnings: readonly Warning[]): void;
  /** About the whole build. */
  readonly warn: (text: string) => void;
}

export function makeTeller({ onProgress, onWarning }: BuildOptions): Teller {
  const said = new Set<string>();
  let total = 0;
  let done = 0;
  const warnings = (list: readonly Warning[]) => {
    for (const warning of list) {
      const key = JSON.stringify(warning);
      if (!said.has(key)) onWarning?.(warning.text, warning.place);
      said.add(key);
    }
  };
  return {
    begin: (all, before) => {
      total = all;
      done = before;
    },
    step: (path) => onProgress?.(++done, total, path),
    warnings,
    warn: (text) => warnings([{ text, place: { file: "package.json" } }]),
  };
}
