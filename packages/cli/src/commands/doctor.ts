import { driftRemarks, hostRemarks, type Remark, renderRemarks } from "@deploy/core";
import { outsideRemarks } from "../doctor/outside.ts";
import { readSettings, withFleet } from "../fleet.ts";
import type { FleetOptions } from "../options.ts";
import type { Context } from "./context.ts";

/** Looks at servers and address for what breaks deploys, and changes nothing. Exit code 1 where something has to be mended first. */
export async function doctorCommand(options: FleetOptions, context: Context): Promise<number> {
  const settings = await readSettings(options, context.io);
  const outside = outsideRemarks(settings.config.url, context.now);
  const open = { verbose: options.verbose, dryRun: true, commit: "", phase: "doctor" };
  return withFleet(settings, open, context, async (session) => {
    const { readings, asked } = await session.examine();
    const hosts = readings.flatMap((reading) => hostRemarks(reading, asked(reading.facts.host)));
    const remarks: readonly Remark[] = [...hosts, ...driftRemarks(readings), ...(await outside)];
    const exitCode = remarks.some(({ level }) => level === "stop") ? 1 : 0;
    context.screen.say(renderRemarks(remarks));
    const { app, environment } = settings.config;
    context.screen.answer({ schema: 1, app, environment, exitCode, remarks });
    return exitCode;
  });
}
