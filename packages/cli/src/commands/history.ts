import { changesIn, figuresOf, figureWords, renderHistoryText } from "@deploy/core";
import { readSettings, withFleet } from "../fleet.ts";
import type { FleetOptions } from "../options.ts";
import type { Context } from "./context.ts";
import { journal } from "./status.ts";

/** What changed on the servers, by what they wrote down, and four figures of it. Exit code 4 where one could not be asked. */
export async function historyCommand(options: FleetOptions, context: Context): Promise<number> {
  const settings = await readSettings(options, context.io);
  const open = { verbose: options.verbose, dryRun: true, commit: "", phase: "history", journal };
  return withFleet(settings, open, context, async ({ config: { app, environment }, facts }) => {
    const changes = changesIn(facts);
    const figures = figuresOf(changes, new Date());
    const lost = facts.flatMap(({ host, reached }) => (reached ? [] : [host]));
    const exitCode = lost.length === 0 ? 0 : 4;
    context.screen.say(`${renderHistoryText(changes)}\n${figureWords(figures)}.`);
    if (lost.length > 0) context.screen.say(`Not asked, they could not be reached: ${lost.join(", ")}`);
    context.screen.answer({ schema: 1, app, environment, exitCode, changes, figures, lost });
    return exitCode;
  });
}
