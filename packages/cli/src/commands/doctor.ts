import { renderRemarks } from "@deploy/core/doctor";
import { readSettings, withFleet } from "../fleet.ts";
import { askGitHub } from "../github.ts";
import type { FleetOptions } from "../options.ts";
import type { Context } from "./context.ts";

/** Looks at servers and address for what breaks deploys, and changes nothing. Exit code 1 where something has to be mended first. */
export async function doctorCommand(options: FleetOptions, context: Context): Promise<number> {
  const settings = await readSettings(options, context.io);
  // It only reads, and an app that is asked in a dry run answers nothing.
  const open = { verbose: options.verbose, dryRun: false, commit: "", phase: "doctor" };
  const github = askGitHub(settings.config.environment, context.io);
  return withFleet(settings, open, context, async (session) => {
    const remarks = await session.examine(context.now, await github);
    const exitCode = remarks.some(({ level }) => level === "stop") ? 1 : 0;
    context.screen.say(renderRemarks(remarks));
    const { app, environment } = settings.config;
    context.screen.answer({ schema: 1, app, environment, exitCode, remarks });
    return exitCode;
  });
}
