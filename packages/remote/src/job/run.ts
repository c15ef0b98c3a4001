import { isReleaseName } from "@deploy/core";
import { findAnswer, fromHex } from "../answer.ts";
import { checkDigest, checkPath, checkRelease, checkWord, fenceArgs } from "../check.ts";
import type { ExecResult, RemoteCommand } from "../command.ts";
import { scripts } from "../scripts.gen.ts";
import type { Carried, RequiredFiles, UserCommand } from "./types.ts";

/**
 * A command the user configured. Its output streams as it is, and the answer is its exit code (0 to 255; 128 + n
 * for a signal; 124, 137 or 143 where its timeout ended it; 143 where the end of stdin did, and nothing of its process group is left). What stopped it from running at all (`fenced`, `env-file-missing`, …) is framed on stderr
 * and throws. A script that never arrived ends 70, so 0 always means: it ran and ended 0.
 */
export function runUserCommand(command: UserCommand): RemoteCommand<number> {
  return {
    name: `run ${command.step}`,
    kind: "once",
    script: scripts.run,
    args: [
      ...fenceArgs(command.fence),
      checkRelease(command.release),
      command.directory,
      checkWord("a step", command.step),
      command.envFile === undefined ? "-" : checkPath(command.envFile),
      command.timeout === undefined ? "-" : String(Math.ceil(command.timeout / 1000)),
      command.tied === true ? "tied" : "free",
      command.run,
      ...(command.required === undefined ? [] : requiredArgs(command.required)),
    ],
    payload: command.tied === true,
    rehearsal: "",
    parse: (result) => {
      const refusal = result.code === 0 ? undefined : findAnswer(result.stderr, result.code)?.refusal;
      if (refusal !== undefined) throw refusal;
      return result.code;
    },
  };
}

function requiredArgs({ key, digest, reads, tools, makes, unchanged }: RequiredFiles): readonly string[] {
  const counts = [String(reads.length), String(tools.length)];
  const paths = [...reads.map(checkPath), ...tools, ...makes.map(checkPath)];
  return [checkDigest(key), checkDigest(digest), unchanged, ...counts, ...paths];
}

/** What the host told of a command with `required`, beside its exit code. */
export function carriedIn(result: ExecResult & { status: "exited" }): Carried {
  const lines = findAnswer(result.stderr, 0)?.lines ?? [];
  const [, from = "", since = "", seconds = ""] =
    lines.map((line) => /^reused (\S+) (\S+) (\d{1,15})$/.exec(line)).find(Boolean) ?? [];
  const [, bound] = lines.map((line) => /^bound ([0-9a-f]+)$/.exec(line)).find(Boolean) ?? [];
  return {
    ...(isReleaseName(from) && isReleaseName(since)
      ? { reused: { from, since, seconds: Number(seconds) } }
      : {}),
    ...(bound === undefined ? {} : { bound: fromHex(bound) }),
  };
}
