import * as z from "zod";
import { input, section } from "../section.ts";
import { timeLimit } from "../values/command.ts";
import { command, list } from "../values/leaves.ts";
import { mapping } from "../values/mapping.ts";

const buildCommand = mapping({
  run: command().describe("The command, run by `sh -c` in the checkout."),
  timeout: timeLimit(),
}).meta({ title: "build", description: "A command that makes `source`, when it needs more than its text." });

/** A command that makes `source`. Times in milliseconds. */
export type BuildCommand = z.output<typeof buildCommand>;

const buildCommands = list(
  z.union(
    [
      command()
        .transform((run) => ({ run }))
        .pipe(buildCommand),
      buildCommand,
    ],
    { error: "a command, or a mapping with run, timeout" },
  ),
  "commands",
);

export const build = section({
  keys: {
    build: buildCommands.prefault([]).describe("Commands that make `source`, run before packing."),
  },
  inputs: { build: input("lines", "build", "Commands that make `source`, one per line.") },
});
