import { confirm } from "../confirm.ts";
import { Cancelled } from "../failure.ts";
import { readSettings, withFleet } from "../fleet.ts";
import type { ChangeOptions, FleetOptions } from "../options.ts";
import { needsAnswer } from "./carryOut.ts";
import type { Context } from "./context.ts";

/** Takes an environment of many (`preview-*`) away: its commands, then its folder on every server, uploads and all. */
export async function removeCommand(
  options: FleetOptions & ChangeOptions,
  context: Context,
): Promise<number> {
  const { io, screen } = context;
  needsAnswer("remove", options, io);
  const settings = await readSettings(options, io);
  const { verbose, dryRun } = options;
  const open = { verbose, dryRun, commit: "", phase: "remove" };
  return withFleet(settings, open, context, async ({ config, repair }) => {
    const { app, environment, deployTo, hosts } = config;
    const names = hosts.map(({ name }) => name).join(", ");
    screen.say(`Removing ${app} on ${environment}: ${deployTo} on ${names}, with everything in it.`);
    for (const { run } of config.remove ?? []) screen.say(`  - first: ${run}`);
    if (!options.yes && !dryRun && !(await confirm(io, "Remove it?"))) throw new Cancelled();
    const result = await repair.remove();
    screen.say(said[result]);
    screen.answer({ schema: 1, result, exitCode: 0 });
    return 0;
  });
}

const said = {
  removed: "Removed.",
  nothing: "Nothing is there: nothing was removed.",
  planned: "Nothing was removed.",
} as const;
