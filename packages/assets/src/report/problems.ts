import type { Problem } from "@deploy/core";
import type { AssetsReport } from "./types.ts";

/** Each problem once: those the caller tells, and those of the purge and the pruning. */
export function assetsProblems({ problems = [], publish, prune }: AssetsReport): readonly Problem[] {
  const own = [publish?.purgeProblem, prune?.refused].filter((problem) => problem !== undefined);
  return [...problems, ...own.filter((problem) => !problems.includes(problem))];
}
