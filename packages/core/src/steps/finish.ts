import { duration } from "../amounts.ts";
import type { StepKind } from "./kind.ts";

export interface FinishStep {
  /** Seconds: releases that were live within this time are kept, whatever a host's removals say. */
  readonly keepFor?: number;
}

/** The release is marked as proved, and old ones go: only a deploy removes anything. */
export const finish: StepKind<FinishStep, "nothing"> = {
  stage: "finish",
  effect: "nothing",
  lasts: false,
  plan({ fleet: { config }, plan, hosts }) {
    const keepFor = plan === "deploy" ? config.keepFor : undefined;
    // In seconds, as hosts count.
    return [{ hosts, ...(keepFor === undefined ? {} : { keepFor: Math.ceil(keepFor / 1000) }) }];
  },
  brief({ keepFor }) {
    return keepFor === undefined ? "" : `what was live within ${duration(keepFor * 1000)} stays`;
  },
  words: ({ keepFor }, { kind }) =>
    `${marks[kind]}${keepFor === undefined ? "" : `; what was live within ${duration(keepFor * 1000)} stays`}`,
};

const marks = {
  deploy: "mark the release good, remove old ones",
  rollback: "mark the release good and the one left behind bad",
  reconcile: "mark the release good",
} as const;
