import { settle, withFleet } from "../fleet.ts";
import type { ChangeOptions, FleetOptions } from "../options.ts";
import { carryOut, needsAnswer } from "./carryOut.ts";
import type { Context } from "./context.ts";

/** Switches every server back: to the release named, or to the newest good one before the live one. */
export async function rollbackCommand(
  release: string | undefined,
  options: FleetOptions & ChangeOptions,
  context: Context,
): Promise<number> {
  needsAnswer("rollback", options, context.io);
  const settled = await settle(options, context.io);
  const open = { verbose: options.verbose, dryRun: options.dryRun, commit: "", phase: "rollback" };
  return withFleet(settled, open, context, (session) => {
    const plan = session.plan({
      kind: "rollback",
      now: context.now,
      ...(release === undefined ? {} : { to: release }),
    });
    return carryOut({ session, plan, phases: ["activate"] }, options, context);
  });
}
