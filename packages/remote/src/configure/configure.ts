import type { ServerFile, ValueName } from "@deploy/core";
import { frame, fromHex, readLines } from "../answer.ts";
import { checkPath, checkRelease, fenceArgs } from "../check.ts";
import type { RemoteCommand } from "../command.ts";
import type { Fence } from "../fence.ts";
import { scripts } from "../scripts.gen.ts";
import { toldChoice, toldNumber } from "../told.ts";

/** One file of the release, and how it is tried. */
export type ConfiguredFile = Pick<ServerFile, "from" | "to" | "level"> & {
  /** Its name, and shell text that exits with 0 where `$file` is right. */
  readonly test?: { readonly name: string; readonly text: string };
};

export interface ConfigureOptions {
  readonly fence: Fence;
  readonly release: string;
  readonly files: readonly ConfiguredFile[];
  /** Those that the host does not know of itself. */
  readonly values: Readonly<Partial<Record<ValueName, string>>>;
  /** `keep`: what somebody wrote by hand is left, and is no failure. */
  readonly drift: "stop" | "overwrite" | "keep";
  /** Absolute path of root's helper. */
  readonly helper?: string;
}

/** What stood at a file's place before, against what the release has. */
export interface Compared {
  readonly standing: "same" | "gone" | "unread" | "differs";
  readonly lines: number;
  /** Some lines that differ, without what may be a secret. */
  readonly shown: readonly string[];
}

/**
 * Servers' own files of a release. `test`: tried, nothing changes. `put`: they become those of what is live now, or what stood there
 * before the first. In the order of `files`. Throws `config-refused`, `config-placeholder`, `config-drift`, `config-helper`, `path-unsafe`,
 * `fenced`, `disk-full`, `write-failed`.
 */
export function configure(
  verb: "test" | "put",
  { fence, release, files, values, drift, helper = "-" }: ConfigureOptions,
): RemoteCommand<readonly Compared[]> {
  return {
    name: `configure ${verb}`,
    kind: "idempotent",
    script: scripts.configure,
    args: [
      ...fenceArgs(fence),
      ...[verb, checkRelease(release), helper, drift],
      Object.entries(values)
        .map(([name, value]) => `${name} ${value}`)
        .join("\n"),
      ...files.flatMap(({ level, from, to, test }) => [
        ...[level, checkPath(from), to, test?.name ?? "-", test?.text ?? "-"],
      ]),
    ],
    payload: false,
    rehearsal: frame(...files.map((_, index) => `file ${index} same 0 `)),
    parse: (result) =>
      readLines("configure", result)
        .filter((line) => line.startsWith("file "))
        .map((line) => {
          const [, , standing, lines, shown] = line.split(" ");
          return {
            standing: toldChoice("what stands there", ["same", "gone", "unread", "differs"], standing),
            lines: toldNumber("lines", lines),
            shown: fromHex(shown)
              .split("\n")
              .filter((text) => text !== ""),
          };
        }),
  };
}
