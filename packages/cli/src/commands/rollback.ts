import { readSettings, withFleet } from "../fleet.ts";
import type { RollbackOptions } from "../options.ts";
import { carryOut, needsAnswer } from "./carryOut.ts";
import type { Context } from "./context.ts";

/** Switches every server back: to the release named, or to the newest good one before the live one. */
export async function rollbackCommand(
  release: string | undefined,
  options: RollbackOptions,
  context: Context,
): Promise<number> {
  needsAnswer("rollback", options, context.io);
  const settings = await readSettings(options, context.io);
  const { verbose, dryRun, lockWait, takeOver } = options;
  const open = { verbose, dryRun, commit: "", phase: "rollback", lockWait };
  return withFleet(settings, open, context, (session) => {
    const plan = session.plan({
      kind: "rollback",
      now: context.now,
      takeOver,
      ...(release === undefined ? {} : { to: release }),
    });
    return carryOut({ session, plan, phases: ["activate"] }, options, context);
  });
}
