import { formatProblem, maintenancePage } from "@deploy/core";
import { setMaintenance } from "@deploy/engine";
import type { MaintenanceOptions } from "../dailyOptions.ts";
import { withHosts } from "../hosts.ts";
import { plainText } from "../plain.ts";
import type { Context } from "./context.ts";

const usual = "We are working on it, and will be back soon.";

/** Shows visitors a page instead of the application, on every server, or no more. Exit code 4 where not all could. */
export async function maintenanceCommand(
  what: "on" | "off",
  options: MaintenanceOptions,
  context: Context,
): Promise<number> {
  const { screen } = context;
  const page = what === "on" ? maintenancePage(options.message ?? usual) : undefined;
  return withHosts(options, "all", context, async ({ config, fleet, shown }) => {
    const failed = await setMaintenance(fleet, config.deployTo, page);
    for (const { host, problem } of failed)
      screen.warn(plainText(`${shown(host)}: ${formatProblem(problem)}`));
    const where = failed.length === 0 ? "" : ", but not on every server: run it again";
    screen.say(`Maintenance of ${config.app} on ${config.environment} is ${what}${where}.`);
    const exitCode = failed.length === 0 ? 0 : 4;
    screen.answer({ schema: 1, exitCode, maintenance: what, failed });
    return exitCode;
  });
}
