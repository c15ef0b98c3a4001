import { DeployError } from "@deploy/core";
import { begin, frame, readLines } from "../answer.ts";
import { checkCount, fenceArgs, releaseOrNone } from "../check.ts";
import type { RemoteCommand } from "../command.ts";
import { scripts } from "../scripts.gen.ts";
import type { ArmedFlip, FlipOptions, Flipped } from "./types.ts";

/**
 * Compare-and-swap of `current`, by rename. `activate` wants a ready release, `rollback` one that was good,
 * `revert` any whole one, and marks what it leaves bad. Throws `current-changed`, `release-not-ready`, `fenced`.
 */
export function flip(options: FlipOptions): RemoteCommand<Flipped> {
  return {
    name: "flip",
    kind: "idempotent",
    script: scripts.flip,
    args: argsOf(options),
    ask: { what: "flip", ...options },
    payload: false,
    rehearsal: frame("switched"),
    parse: (result) => ({ status: statusOf(readLines("flip", result), ["switched", "already"]) }),
  };
}

/** Seconds a host stays armed without a word: others wait longer than that (24) for its mutex. */
const patience = 20;

/** What `armFlip` waits for on stdin. */
export const goLine = new TextEncoder().encode("go\n");

/**
 * As `flip`, up to the rename, which waits for `goLine` on stdin (`armedWatcher` sees when). Where stdin ends without it, or
 * `seconds` pass, everything is taken back: `stood-down`. A release that is live already does not wait.
 */
export function armFlip(options: FlipOptions, seconds = patience): RemoteCommand<ArmedFlip> {
  const states = ["switched", "already", "stood-down"] as const;
  return {
    name: "flip armed",
    kind: "idempotent",
    script: scripts.flip,
    args: [...argsOf(options), checkCount("a number of seconds", seconds)],
    ask: { what: "flip", ...options, armed: seconds },
    payload: true,
    rehearsal: frame("switched"),
    parse: (result) => ({ status: statusOf(readLines("flip armed", result), states) }),
  };
}

/**
 * Reads stdout as it comes, and calls `onArmed` when the script says so. What a login file prints before the script's first
 * line is not the script's.
 */
export function armedWatcher(onArmed: () => void): (text: string) => void {
  let begun = false;
  let rest = "";
  return (text) => {
    const lines = (rest + text).split("\n");
    rest = (lines.pop() ?? "").slice(-longestLine);
    for (const line of lines) {
      if (begun && line === "armed") onArmed();
      begun ||= line === begin;
    }
  };
}

/** Characters kept of a line that has not ended: a banner may be long, our lines are not. */
const longestLine = 100;

function argsOf({ fence, expect, to, step }: FlipOptions): readonly string[] {
  return [...fenceArgs(fence), releaseOrNone(expect), releaseOrNone(to), step];
}

function statusOf<Status extends string>(lines: readonly string[], states: readonly Status[]): Status {
  const found = lines.map((line) => states.find((state) => state === line)).find(Boolean);
  if (found !== undefined) return found;
  throw new DeployError("answer-unreadable", "flip did not say what it did");
}
