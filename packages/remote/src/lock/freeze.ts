import { DeployError, whoIs } from "@deploy/core";
import { frame, fromHex, readLines, wordsOf } from "../answer.ts";
import { checkBase, checkWord } from "../check.ts";
import type { RemoteCommand } from "../command.ts";
import { scripts } from "../scripts.gen.ts";
import type { FreezeOptions } from "./types.ts";

/** Nobody new gets the lock from now on; who holds it goes on. `was`: there was a freeze, its reason is replaced. */
export function lockFreeze({ base, owner, reason }: FreezeOptions): RemoteCommand<{ readonly was: boolean }> {
  if (reason.trim() === "") throw new DeployError("argument-refused", "a freeze needs a reason");
  return {
    name: "lock freeze",
    kind: "idempotent",
    script: scripts.lock,
    args: ["freeze", checkBase(base), checkWord("an owner", owner), reason.trim().slice(0, 500)],
    ask: { what: "freeze", base, owner, reason: reason.trim().slice(0, 500) },
    payload: false,
    rehearsal: frame("frozen -"),
    parse: (result) => ({ was: wordsOf(readLines("lock freeze", result), "frozen")[0] !== "-" }),
  };
}

/** Ends a freeze; `was` false: there was none. */
export function lockUnfreeze({ base }: { readonly base: string }): RemoteCommand<{ readonly was: boolean }> {
  return {
    name: "lock unfreeze",
    kind: "idempotent",
    script: scripts.lock,
    args: ["unfreeze", checkBase(base)],
    ask: { what: "unfreeze", base },
    payload: false,
    rehearsal: frame("frozen -"),
    parse: (result) => ({ was: wordsOf(readLines("lock unfreeze", result), "frozen")[0] !== "-" }),
  };
}

/** WHEN OWNER REASON(hex) */
export function frozenBy([when, owner, reason]: readonly string[]): DeployError {
  return new DeployError("frozen", `${whoIs(owner ?? "")} froze deploys at ${when}: ${fromHex(reason)}`);
}
