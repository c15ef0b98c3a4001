import { type BoundBackup, DeployError, readBound } from "@deploy/core";
import { frame, fromHex, readLines, wordsOf } from "../answer.ts";
import { checkJob, checkRelease, fenceArgs } from "../check.ts";
import type { RemoteCommand } from "../command.ts";
import { scripts } from "../scripts.gen.ts";
import type { BindOptions } from "./types.ts";

/**
 * Binds a backup to the release it was made before; answers what is bound then: the earlier one where the release's job
 * has begun in an earlier run. Throws `fenced`, `disk-full`.
 */
export function bindBackup({ fence, release, job, backup }: BindOptions): RemoteCommand<BoundBackup> {
  const known = readBound(backup);
  if (known === undefined)
    throw new DeployError("argument-refused", `not a backup: ${JSON.stringify(backup)}`);
  const record = JSON.stringify({ schema: 1, ...known });
  return {
    name: "bind backup",
    kind: "idempotent",
    script: scripts.bind,
    args: [...fenceArgs(fence), checkRelease(release), checkJob(job), record],
    payload: false,
    rehearsal: frame(`bound ${Buffer.from(record).toString("hex")}`),
    parse: (result) => {
      const bound = boundIn(wordsOf(readLines("bind backup", result), "bound")[0]);
      if (bound !== undefined) return bound;
      throw new DeployError("answer-unreadable", "bind backup did not say what is bound");
    },
  };
}

/** A host's record of a bound backup, in hex; undefined for anything else. */
export function boundIn(hex: string | undefined): BoundBackup | undefined {
  try {
    const value: unknown = JSON.parse(fromHex(hex));
    const known = typeof value === "object" && value !== null && "schema" in value && value.schema === 1;
    return known ? readBound(value) : undefined;
  } catch {
    return undefined;
  }
}
