import { frame, readLines, wordsOf } from "../answer.ts";
import { checkBase, checkPath } from "../check.ts";
import type { RemoteCommand } from "../command.ts";
import { scripts } from "../scripts.gen.ts";
import { isDigest } from "../told.ts";

/** An environment file below shared/ on one host. */
export interface EnvFile {
  readonly base: string;
  readonly file: string;
  /** In hex: of what is made ready; of a list, what each digest begins with, so that digests of two lists tell nothing. */
  readonly id: string;
}

/** What a file sets, without any value. */
export interface EnvListed {
  /** SHA-256 of the whole file; absent: there is none. */
  readonly version?: string;
  /** By name, a digest that hosts of one list have in common where their values are the same. */
  readonly digests: ReadonlyMap<string, string>;
  /** The live release, where it began with another version. */
  readonly changedSince?: string;
}

/** Throws `env-file-malformed`. */
export function envList(of: EnvFile): RemoteCommand<EnvListed> {
  return { ...command("list", of), kind: "read", parse: (result) => listedIn(readLines("env list", result)) };
}

/** Lines of its dialect come as the payload. Nothing is changed before `envCommit`. Throws `env-file-malformed`, `disk-full`. */
export const envSet = (of: EnvFile): RemoteCommand<void> => command("set", of);

export const envUnset = (of: EnvFile, names: readonly string[]): RemoteCommand<void> =>
  command("unset", of, names);

/** The version before is kept. */
export const envCommit = (of: EnvFile): RemoteCommand<void> => ({ ...command("commit", of), kind: "once" });

export const envDrop = (of: EnvFile): RemoteCommand<void> => command("drop", of);

function command(
  op: string,
  { base, file, id }: EnvFile,
  more: readonly string[] = [],
): RemoteCommand<void> & RemoteCommand<unknown> {
  return {
    name: `env ${op}`,
    kind: "idempotent",
    script: scripts.env,
    args: [op, checkBase(base), checkPath(file), id, ...more],
    payload: true,
    rehearsal: frame("file none"),
    parse: (result) => void readLines(`env ${op}`, result),
  };
}

function listedIn(lines: readonly string[]): EnvListed {
  const [version] = wordsOf(lines, "file");
  const names = lines.map((line) => /^name ([A-Za-z_][A-Za-z0-9_]*) ([0-9a-f]{64})$/.exec(line));
  const changed = lines.find((line) => line.startsWith("changed "))?.slice("changed ".length);
  return {
    ...(isDigest(version) ? { version } : {}),
    digests: new Map(names.flatMap((found) => (found === null ? [] : [[found[1] ?? "", found[2] ?? ""]]))),
    ...(changed === undefined ? {} : { changedSince: changed }),
  };
}
