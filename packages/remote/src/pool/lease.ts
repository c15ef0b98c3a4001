import { frame, readLines } from "../answer.ts";
import { checkCount, checkPath, fenceArgs } from "../check.ts";
import type { HttpProbe, RemoteCommand } from "../command.ts";
import type { Fence } from "../fence.ts";
import { bracketed, plainUrl } from "../host/curlGet.ts";
import { scripts } from "../scripts.gen.ts";

/** How a host that is out is known to be well, and what takes it in again. */
export interface Watch {
  /** A file below `shared/`, or what commands of the user's do. */
  readonly back:
    | { readonly path: string; readonly outWhile: "present" | "absent" }
    | { readonly return: string; readonly read: string };
  readonly probe: Omit<HttpProbe, "rehearsal">;
  readonly status: number;
  /** The answer must name the live release. */
  readonly named: boolean;
  readonly passes: number;
}

/**
 * Before a host leaves: where nobody renews within so many seconds, it returns by itself once its live release answers well. Gives the
 * program without which it cannot; undefined: it is watched. Throws `fenced`.
 */
export function leaseTake(fence: Fence, seconds: number, watch: Watch): RemoteCommand<string | undefined> {
  const { back, probe, status, named, passes } = watch;
  return {
    ...base("lease take", fence, [
      ...["take", checkCount("seconds", seconds)],
      ...("path" in back ? [back.outWhile, checkPath(back.path)] : [back.return, back.read]),
      ...[plainUrl(probe.url), bracketed(probe.address), (probe.timeout / 1000).toFixed(3), String(status)],
      ...[named ? "named" : "any", checkCount("passes", passes), ...(probe.headers ?? [])],
    ]),
    parse: (result) =>
      readLines("lease", result)
        .find((line) => line.startsWith("unwatched "))
        ?.slice("unwatched ".length),
  };
}

/** Whoever took a host out lives. Gives false where it returned by itself. Throws `fenced`. */
export function leaseRenew(fence: Fence, seconds: number): RemoteCommand<boolean> {
  return {
    ...base("lease renew", fence, ["renew", checkCount("seconds", seconds)]),
    parse: (result) => readLines("lease", result).includes("watched"),
  };
}

type Bare = Omit<RemoteCommand<unknown>, "parse">;

function base(name: string, fence: Fence, args: readonly string[]): Bare {
  return {
    ...{ name, kind: "idempotent", script: scripts.lease, payload: false, rehearsal: frame("watched") },
    args: [...fenceArgs(fence), ...args],
  };
}
