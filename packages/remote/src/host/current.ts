import { type Current, DeployError } from "@deploy/core";
import { frame, fromHex, readLines, wordsOf } from "../answer.ts";
import { checkBase } from "../check.ts";
import type { RemoteCommand } from "../command.ts";
import { scripts } from "../scripts.gen.ts";
import { toldRelease } from "../told.ts";

/** Reads what `current` is: the truth after a lost answer. */
export function current(base: string): RemoteCommand<Current> {
  return {
    name: "current",
    kind: "read",
    script: scripts.current,
    args: [checkBase(base)],
    ask: { what: "current", base },
    payload: false,
    rehearsal: frame("current none - "),
    parse: (result) => currentOf(readLines("current", result)),
  };
}

/** From the line `current KIND NAME HEX`. */
export function currentOf(lines: readonly string[]): Current {
  const [kind, release, target] = wordsOf(lines, "current");
  switch (kind) {
    case "none":
    case "directory":
      return { kind };
    case "release":
      return { kind, release: toldRelease(release) };
    case "dangling":
    case "foreign":
      return { kind, target: fromHex(target) };
    default:
      throw new DeployError("answer-unreadable", `the host says current is "${kind}"`);
  }
}
