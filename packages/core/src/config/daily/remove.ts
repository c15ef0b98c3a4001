import { checkRoles } from "../hosts/roles.ts";
import { section } from "../section.ts";
import { hostCommands } from "../values/command.ts";

export const remove = section({
  keys: {
    remove: hostCommands()
      .optional()
      .describe(
        "Commands in the live release's folder, before `deploy remove` takes an environment of many away: what stops its unit, drops its database.",
      ),
  },
  check: ({ values: { remove = [] }, hosts }) =>
    checkRoles(
      remove.map(({ roles }, index) => ({ roles, path: ["remove", index] })),
      hosts,
    ),
});
