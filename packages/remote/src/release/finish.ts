import { frame, fromHex, readLines } from "../answer.ts";
import { checkCount, checkRelease, fenceArgs, releaseOrNone } from "../check.ts";
import type { RemoteCommand } from "../command.ts";
import { scripts } from "../scripts.gen.ts";
import { toldRelease } from "../told.ts";
import type { Finished, FinishOptions, Kept } from "./types.ts";

/** Records what was proved and removes old releases; what is live never goes. Throws `current-changed`. */
export function finish(options: FinishOptions): RemoteCommand<Finished> {
  return {
    name: "finish",
    kind: "idempotent",
    script: scripts.finish,
    args: [
      ...fenceArgs(options.fence),
      checkRelease(options.release),
      releaseOrNone(options.bad),
      options.keepFor === undefined ? "-" : checkCount("a number of seconds", options.keepFor),
      (options.proved ?? []).map(checkRelease).join(",") || "-",
      ...options.removals.map(checkRelease),
    ],
    ask: { what: "finish", ...options },
    payload: false,
    rehearsal: frame(...options.removals.map((release) => `removed ${release}`)),
    parse: (result) => finishedOf(readLines("finish", result)),
  };
}

function finishedOf(lines: readonly string[]): Finished {
  const words = lines.map((line) => line.split(" "));
  return {
    removed: words.flatMap(([key, release]) => (key === "removed" ? [toldRelease(release)] : [])),
    kept: keptOf(words, "kept"),
    stuck: keptOf(words, "stuck"),
    stale: words
      .filter(([key]) => key === "stale")
      .map(([, release, pid = "", program]) => ({
        release: fromHex(release),
        pid,
        program: fromHex(program),
      })),
    unseen: words.some(([key]) => key === "unseen"),
  };
}

function keptOf(lines: readonly (readonly string[])[], wanted: "kept" | "stuck"): readonly Kept[] {
  return lines
    .filter(([key]) => key === wanted)
    .map(([, release, because]) => ({ release: fromHex(release), because: fromHex(because).trim() }));
}
