import { frame, readLines } from "../answer.ts";
import { checkRelease, fenceArgs } from "../check.ts";
import type { RemoteCommand } from "../command.ts";
import type { Fence } from "../fence.ts";
import { scripts } from "../scripts.gen.ts";

/** Writes down that no rollback may go below this release. Throws `fenced`, `current-changed`, `write-failed`. */
export function markFloor(fence: Fence, release: string): RemoteCommand<void> {
  return {
    name: "floor",
    kind: "idempotent",
    script: scripts.floor,
    args: [...fenceArgs(fence), checkRelease(release)],
    ask: { what: "floor", fence, release },
    payload: false,
    rehearsal: frame("floor"),
    parse: (result) => void readLines("floor", result),
  };
}
