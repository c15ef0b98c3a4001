import { duration } from "../amounts.ts";
import { count } from "../plan/words.ts";
import type { Change } from "./changes.ts";

/**
 * DORA's four keys (dora.dev), from what servers wrote down; how old a commit was when it went live only records know. Times are
 * medians, milliseconds.
 */
export interface Figures {
  readonly days: number;
  /** Releases that went live, those that went back again included. */
  readonly deploys: number;
  /** Of these: reverted by their run, or left by a rollback. */
  readonly failed: number;
  /** From going live to having gone back; undefined where none failed. */
  readonly restore: number | undefined;
  /** From the commit to its going live; undefined where nobody says. */
  readonly lead?: number | undefined;
}

/** Of the last `days` days. */
export function figuresOf(changes: readonly Change[], now: Date, days = 30): Figures {
  const since = now.getTime() / 1000 - days * 86_400;
  const recent = changes.filter(({ time }) => time >= since);
  const deploys = recent.filter(({ kind }) => kind === "activate");
  const restores = recent.flatMap((back) => {
    if (back.kind === "activate") return [];
    const left = recent.find(
      ({ kind, release, time }) => kind === "activate" && release === back.from && time <= back.time,
    );
    return left === undefined ? [] : [(back.time - left.time) * 1000];
  });
  return {
    days,
    deploys: deploys.length,
    failed: restores.length,
    restore: median(restores),
  };
}

/** One sentence. */
export function figureWords({ days, deploys, failed, restore, lead }: Figures): string {
  if (deploys === 0) return `In ${days} days: no deploy that the servers remember`;
  const share = Math.round((failed / deploys) * 100);
  const back =
    restore === undefined ? "none went back" : `${failed} went back (${share} %), after ${duration(restore)}`;
  const age = lead === undefined ? "" : `, ${duration(lead)} from commit to live`;
  return `In ${days} days: ${count(deploys, "deploy")}${age}, ${back}`;
}

export function median(values: readonly number[]): number | undefined {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)];
}
