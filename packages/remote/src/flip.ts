import { DeployError } from "@deploy/core";
import { frame, readLines } from "./answer.ts";
import { fenceArgs, releaseOrNone } from "./check.ts";
import type { RemoteCommand } from "./command.ts";
import { scripts } from "./scripts.gen.ts";
import type { FlipOptions, Flipped } from "./types.ts";

/**
 * Compare-and-swap of `current`, by rename. `activate` wants a ready release, `rollback` one that was good,
 * `revert` any whole one, and marks what it leaves bad. Throws `current-changed`, `release-not-ready`, `fenced`.
 */
export function flip(options: FlipOptions): RemoteCommand<Flipped> {
  return {
    name: "flip",
    kind: "idempotent",
    script: scripts.flip,
    args: [
      ...fenceArgs(options.fence),
      releaseOrNone(options.expect),
      releaseOrNone(options.to),
      options.step,
    ],
    payload: false,
    rehearsal: frame("switched"),
    parse: (result) => {
      const status = readLines("flip", result).find((line) => line === "switched" || line === "already");
      if (status === "switched" || status === "already") return { status };
      throw new DeployError("answer-unreadable", "flip did not say what it did");
    },
  };
}
