import { DeployError, rsyncFloor } from "@deploy/core";
import { findAnswer, frame, unreadable, wordsOf } from "../answer.ts";
import { checkRelease, fenceArgs, releaseOrNone } from "../check.ts";
import type { ExecResult } from "../command.ts";
import type { RemoteStream } from "../dump/types.ts";
import type { Fence } from "../fence.ts";
import { scripts } from "../scripts.gen.ts";
import { toldNumber } from "../told.ts";

export interface RsyncStageOptions {
  readonly fence: Fence;
  readonly release: string;
  /** A whole release on the host, whose files are reused; null: none. */
  readonly from: string | null;
  /** What the runner's rsync asks for, from `--server` on. */
  readonly args: readonly string[];
}

/** `already`: the release is there and whole, nothing was received. `linked`: files that are hard links to those of `from`. */
export interface RsyncStaged {
  readonly status: "received" | "already";
  readonly linked: number;
}

/** Where reused files lie, as the receiving rsync sees it from its folder. */
export function reusePath(from: string): string {
  return `../../../releases/${checkRelease(from)}`;
}

/**
 * The receiving end of the runner's rsync: payload and stdout are its protocol. What it received stays in the staging
 * folder, where `receive` takes it (`source: "staged"`) and a repetition goes on from it. Throws `base-changed` where
 * `from` is not whole, `rsync-unusable`, `rsync-failed`, `lock-busy`, `fenced`, `path-unsafe`, `disk-full`.
 */
export function rsyncStage(options: RsyncStageOptions): RemoteStream<RsyncStaged> {
  const { fence, release, from, args } = options;
  return {
    name: "rsync",
    kind: "idempotent",
    streams: true,
    script: scripts.rsync,
    args: [
      ...fenceArgs(fence),
      checkRelease(release),
      releaseOrNone(from),
      String(rsyncFloor.protocol),
      ...args.map(checkArgument),
    ],
    payload: true,
    rehearsal: frame("received 0"),
    parse: stagedOf,
  };
}

/** The script has the list of what may be asked for; nothing there needs more than these characters. */
function checkArgument(text: string): string {
  if (/^[A-Za-z0-9._/-]{1,200}$/.test(text)) return text;
  throw new DeployError(
    "argument-refused",
    `rsync asks its other end for something odd: ${JSON.stringify(text)}`,
  );
}

function stagedOf(result: ExecResult & { status: "exited" }): RsyncStaged {
  const answer = findAnswer(result.stderr, result.code);
  if (answer?.refusal !== undefined && answer.code !== 0) throw answer.refusal;
  if (answer === undefined || answer.code !== 0) throw unreadable("rsync", result);
  if (answer.lines.includes("already")) return { status: "already", linked: 0 };
  return { status: "received", linked: toldNumber("linked files", wordsOf(answer.lines, "received")[0]) };
}
