import { DeployError } from "@deploy/core";
import { findAnswer, frame, unreadable, wordsOf } from "../answer.ts";
import type { ExecResult } from "../command.ts";
import { toldChoice, toldDigest, toldNumber } from "../told.ts";
import { ask, driverOf, type Source } from "./drivers.ts";
import { warningsOf } from "./inspect.ts";
import { type Compression, compressions, type Dumped, type RemoteStream } from "./types.ts";

export interface DumpOptions {
  /** `auto`: zstd where the host has it, else gzip, else none. */
  readonly compression: Compression | "auto";
  /** 1 to 19; gzip takes 9 for more. Absent: the tool's own choice. */
  readonly level?: number;
  /** Instead of the database: roles and tablespaces, as SQL and without passwords. PostgreSQL only. */
  readonly globals?: boolean;
}

/**
 * Dumps, checks the dump by its own tool, counts, hashes and compresses it in one pass; its payload is `secretLine(source)`.
 * Throws `backup-failed`, `backup-source`, `backup-client-old`, `disk-full`, `tool-missing`. An empty dump is not refused here.
 */
export function dump(source: Source, options: DumpOptions): RemoteStream<Dumped> {
  const level = options.level ?? "-";
  const what = options.globals === true ? "globals" : "-";
  if (what === "globals" && driverOf(source.kind).wantsGlobals === undefined) {
    throw new DeployError("argument-refused", `${source.kind} has no globals`);
  }
  return {
    ...ask("dump", source, () => [options.compression, String(level), what]),
    streams: true,
    kind: "once",
    rehearsal: frame(
      `dumped 0 ${"0".repeat(64)} ${options.compression === "auto" ? "none" : options.compression}`,
    ),
    parse: (result) => dumpedOf(`dump ${source.kind}`, result),
  };
}

function dumpedOf(name: string, result: ExecResult & { status: "exited" }): Dumped {
  const answer = findAnswer(result.stderr, result.code);
  if (answer?.refusal !== undefined && answer.code !== 0) throw answer.refusal;
  if (answer === undefined || answer.code !== 0 || result.dropped > 0) throw unreadable(name, result);
  const [bytes, sha256, compression] = wordsOf(answer.lines, "dumped");
  return {
    bytes: toldNumber("a size", bytes),
    sha256: toldDigest("a SHA-256", sha256),
    parsed: true,
    compression: toldChoice("a compression", compressions, compression),
    warnings: warningsOf(answer.lines),
  };
}
