import { frame, readLines } from "../answer.ts";
import { checkBase } from "../check.ts";
import type { RemoteCommand } from "../command.ts";
import { scripts } from "../scripts.gen.ts";

/** Puts the page (the payload) at shared/maintenance.html, or removes it. Throws `path-unsafe`, `disk-full`, `write-failed`. */
export function maintenance(base: string, what: "on" | "off"): RemoteCommand<void> {
  return {
    name: `maintenance ${what}`,
    kind: "idempotent",
    script: scripts.maintenance,
    args: [what, checkBase(base)],
    payload: true,
    rehearsal: frame(),
    parse: (result) => void readLines("maintenance", result),
  };
}
