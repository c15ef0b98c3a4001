import { checkRoles } from "../hosts/roles.ts";
import { input, section } from "../section.ts";
import { checkRequirements, prepareCommands } from "./prepareCommand.ts";

export const prepare = section({
  keys: {
    prepare: prepareCommands()
      .prefault([])
      .describe("Commands in the new release's folder, on every host, before any host switches."),
  },
  inputs: {
    prepare: input(
      "lines",
      "prepare",
      "Commands run in the new release on every host before anyone switches, one per line.",
    ),
  },
  check: ({ values: { prepare = [] }, hosts }) => [
    ...checkRequirements(prepare),
    ...checkRoles(
      prepare.map(({ roles }, index) => ({ roles, path: ["prepare", index] })),
      hosts,
    ),
  ],
});
