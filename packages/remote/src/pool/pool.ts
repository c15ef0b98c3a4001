import { frame, readLines } from "../answer.ts";
import { checkPath, fenceArgs } from "../check.ts";
import type { RemoteCommand } from "../command.ts";
import type { Fence } from "../fence.ts";
import { scripts } from "../scripts.gen.ts";

/** `ours`: a run of ours took the host out of its pool, and none returned it. */
export interface Drained {
  readonly ours: boolean;
}

/** Reads whether it was we who took this host out. */
export function readDrained(fence: Fence): RemoteCommand<Drained> {
  return { ...base("pool read", fence, ["read"]), kind: "read", parse: drainedIn };
}

/** Before a host leaves: whose doing it is, so that a run that dies is told of and ended by the next. Throws `fenced`. */
export function markDrained(fence: Fence): RemoteCommand<Drained> {
  return { ...base("pool drain", fence, ["drain"]), parse: drainedIn };
}

/** After a host came back. Throws `fenced`. */
export function markReturned(fence: Fence): RemoteCommand<Drained> {
  return { ...base("pool return", fence, ["return"], "others"), parse: drainedIn };
}

/** Makes or removes a file below `shared/` that everybody may read. Throws `fenced`, `disk-full`, `write-failed`. */
export function poolFile(
  fence: Fence,
  path: string,
  what: "make" | "remove",
  way: "drain" | "return",
): RemoteCommand<Drained> {
  return { ...base(`pool ${what}`, fence, [way, checkPath(path), what]), parse: drainedIn };
}

/** Whether that file is there. */
export function poolLook(fence: Fence, path: string): RemoteCommand<"present" | "absent"> {
  return {
    ...base("pool look", fence, ["read", checkPath(path), "look"], "absent"),
    kind: "read",
    parse: (result) => (readLines("pool look", result).includes("present") ? "present" : "absent"),
  };
}

type Bare = Omit<RemoteCommand<unknown>, "parse">;

function base(name: string, fence: Fence, args: readonly string[], rehearsed = "ours"): Bare {
  return {
    name,
    kind: "idempotent",
    script: scripts.pool,
    args: [...fenceArgs(fence), ...args],
    payload: false,
    rehearsal: frame(rehearsed),
  };
}

function drainedIn(result: Parameters<RemoteCommand<unknown>["parse"]>[0]): Drained {
  return { ours: readLines("pool", result).includes("ours") };
}
