import { frame, readLines } from "../answer.ts";
import { checkRelease, fenceArgs } from "../check.ts";
import type { RemoteCommand } from "../command.ts";
import type { Fence } from "../fence.ts";
import { scripts } from "../scripts.gen.ts";

/** Writes down that this release stays live on a part of the fleet until somebody decides. Throws `fenced`, `current-changed`, `write-failed`. */
export function hold(fence: Fence, release: string): RemoteCommand<void> {
  return {
    name: "hold",
    kind: "idempotent",
    script: scripts.hold,
    args: [...fenceArgs(fence), checkRelease(release)],
    ask: { what: "hold", fence, release },
    payload: false,
    rehearsal: frame("held"),
    parse: (result) => void readLines("hold", result),
  };
}
