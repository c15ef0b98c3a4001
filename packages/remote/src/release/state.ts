import { frame, readLines, wordsOf } from "../answer.ts";
import { checkRelease, fenceArgs } from "../check.ts";
import type { RemoteCommand } from "../command.ts";
import { scripts } from "../scripts.gen.ts";
import { toldChoice } from "../told.ts";
import type { MarkReadyOptions } from "./types.ts";

/** `foreign`: there is no record. */
const states = ["partial", "ready", "active", "good", "bad", "foreign"] as const;

/** partial -> ready: the last prepare command is done. A release beyond that keeps its state, which is answered. */
export function markReady({ fence, release }: MarkReadyOptions): RemoteCommand<{ readonly state: string }> {
  return {
    name: "mark ready",
    kind: "idempotent",
    script: scripts.state,
    args: [...fenceArgs(fence), checkRelease(release)],
    ask: { what: "ready", fence, release },
    payload: false,
    rehearsal: frame("state ready"),
    parse: (result) => ({
      state: toldChoice("a state", states, wordsOf(readLines("mark ready", result), "state")[0]),
    }),
  };
}
