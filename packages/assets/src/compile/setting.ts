import { relative, sep } from "node:path";
import type { Targets } from "../tools/targets.ts";
import type { Toolbox } from "../tools/tool.ts";

/** All that compiling one file needs to know, as plain data: it is sent to workers. Folders are absolute. */
export interface Setting {
  readonly root: string;
  readonly source: string;
  /** Where imports are looked for after the importing file's folder, in order. */
  readonly search: readonly string[];
  readonly minify: boolean;
  readonly sourceMaps: boolean;
  readonly html: boolean;
  readonly tools: Toolbox;
  /** Code of the project may run. */
  readonly ownCode: boolean;
  /** Absent: the project names no browsers, and nothing is rewritten for older ones. */
  readonly targets?: Targets;
}

/** A path as people see it in messages: below the repository, with `/`. */
export function fromRoot(setting: Setting, absolute: string): string {
  return relative(setting.root, absolute).split(sep).join("/");
}

/** A path as source maps have it: from the source folder. */
export function fromSource(setting: Setting, absolute: string): string {
  return relative(setting.source, absolute).split(sep).join("/");
}

/** Something is done to CSS: minifying, or rewriting for the browsers that are named. */
export function usesCss(setting: Setting): boolean {
  return setting.minify || setting.targets !== undefined;
}
