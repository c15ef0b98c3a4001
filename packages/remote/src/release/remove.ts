import { frame, readLines } from "../answer.ts";
import { fenceArgs } from "../check.ts";
import type { RemoteCommand } from "../command.ts";
import type { Fence } from "../fence.ts";
import { scripts } from "../scripts.gen.ts";

/** Removes a whole deploy-to, the lock with it. Throws `fenced`, `path-unsafe` for a mount point, `write-failed`. */
export function removeAll(fence: Fence): RemoteCommand<void> {
  return {
    name: "remove",
    kind: "idempotent",
    script: scripts.remove,
    args: fenceArgs(fence),
    ask: { what: "remove", fence },
    payload: false,
    rehearsal: frame("removed"),
    parse: (result) => void readLines("remove", result),
  };
}
