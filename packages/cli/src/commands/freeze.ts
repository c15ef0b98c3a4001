import { makeProblem } from "@deploy/core";
import { Misuse } from "../failure.ts";
import { readSettings, withFleet } from "../fleet.ts";
import type { FleetOptions } from "../options.ts";
import type { Context } from "./context.ts";

/** Nobody new may deploy from now on, with the reason; who deploys already goes on. */
export async function freezeCommand(
  words: readonly string[],
  options: FleetOptions,
  context: Context,
): Promise<number> {
  const reason = words.join(" ").trim();
  if (reason === "") throw new Misuse([makeProblem("argument-refused", "A freeze needs a reason")]);
  const settings = await readSettings(options, context.io);
  const open = { verbose: options.verbose, dryRun: false, commit: "", phase: "freeze" };
  return withFleet(settings, open, context, async ({ config, repair }) => {
    const { was } = await repair.freeze(reason);
    const how = was ? "was frozen already, the reason is now" : "is frozen";
    context.screen.say(`${config.app} on ${config.environment} ${how}: ${reason}`);
    context.screen.say("`deploy unfreeze` ends it.");
    context.screen.answer({ schema: 1, result: "frozen", exitCode: 0, was, reason });
    return 0;
  });
}

/** Deploys are allowed again. */
export async function unfreezeCommand(options: FleetOptions, context: Context): Promise<number> {
  const settings = await readSettings(options, context.io);
  const open = { verbose: options.verbose, dryRun: false, commit: "", phase: "unfreeze" };
  return withFleet(settings, open, context, async ({ config, repair }) => {
    const { was } = await repair.unfreeze();
    const how = was ? "is not frozen any more" : "was not frozen";
    context.screen.say(`${config.app} on ${config.environment} ${how}.`);
    context.screen.answer({ schema: 1, result: "unfrozen", exitCode: 0, was });
    return 0;
  });
}
