import * as z from "zod";
import type { Finding } from "../file/finding.ts";
import { commandKeys } from "../values/command.ts";
import { choice, command, list, text } from "../values/leaves.ts";
import { mapping } from "../values/mapping.ts";
import { readShared } from "../values/paths.ts";

const path = () => text("a relative path without .. or control characters, such as node_modules", readShared);

const whole = mapping({
  ...commandKeys(),
  reads: list(path(), "paths")
    .optional()
    .describe(
      "Files and folders of the release that decide what it makes. Where an earlier release on the host was made of the same, by the same command, tools and environment file, what it made is carried over and the command is not run.",
    ),
  makes: list(path(), "paths")
    .optional()
    .describe("Files and folders that it makes, and all of what it makes."),
  tools: list(command(), "commands")
    .optional()
    .describe(
      "Commands that tell the versions of what it runs, such as `node --version`. Without: those of npm, pnpm, yarn, bundle, composer, pip and uv, and of what they run on; none for other commands.",
    ),
  unchanged: choice(["copy", "link"])
    .optional()
    .describe(
      "How it is carried over: as a `copy` (the default), or by hard links, where nothing ever writes into it.",
    ),
}).meta({
  title: "prepare command",
  description: "A command on the hosts, when it needs more than its text.",
});

/** A command in the new release's folder; with `reads` and `makes` it runs only where they have changed. */
export type PrepareCommand = z.output<typeof whole>;

export const prepareCommands = () =>
  list(
    z.union(
      [
        command()
          .transform((run) => ({ run }))
          .pipe(whole),
        whole,
      ],
      { error: "a command, or a mapping with run, roles, env-file, timeout, reads, makes, tools, unchanged" },
    ),
    "commands",
  );

/** One without the other says nothing. */
export function checkRequirements(commands: readonly PrepareCommand[]): readonly Finding[] {
  return commands.flatMap((one, index): Finding[] => {
    const reads = (one.reads ?? []).length > 0;
    const makes = (one.makes ?? []).length > 0;
    if (reads && makes) return [];
    const key = (["reads", "makes", "tools", "unchanged"] as const).find((name) => one[name] !== undefined);
    if (key === undefined) return [];
    const message = "expected `reads` and `makes` together, each with a path or more";
    return [{ path: ["prepare", index, key], at: "key", code: "config-conflict", message }];
  });
}
