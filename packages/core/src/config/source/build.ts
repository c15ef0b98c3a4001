import { input, section } from "../section.ts";
import { command, list } from "../values/leaves.ts";

export const build = section({
  keys: {
    build: list(command(), "commands")
      .prefault([])
      .describe("Commands that make `source`, run before packing."),
  },
  inputs: { build: input("lines", "build", "Commands that make `source`, one per line.") },
});
