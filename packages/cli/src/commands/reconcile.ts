import type { Plan } from "@deploy/core";
import { allPhases } from "@deploy/engine";
import { readSettings, withFleet } from "../fleet.ts";
import type { ReconcileOptions } from "../options.ts";
import { withPacked } from "../pack.ts";
import { carryOut, needsAnswer } from "./carryOut.ts";
import type { Context } from "./context.ts";

/** Brings late, repaired or new servers to what the others serve, who are not touched. */
export async function reconcileCommand(options: ReconcileOptions, context: Context): Promise<number> {
  needsAnswer("reconcile", options, context.io);
  const settings = await readSettings(options, context.io);
  const { verbose, dryRun, lockWait, takeOver } = options;
  const open = { verbose, dryRun, commit: "", phase: "reconcile", lockWait };
  return withFleet(settings, open, context, (session) => {
    const request = { kind: "reconcile", now: context.now, takeOver } as const;
    const plan = session.plan(request);
    if (!needsFiles(plan)) return carryOut({ session, plan, phases: allPhases }, options, context);
    context.screen.warn(`A server lacks the files of ${plan.release || "the release"}: packing this folder.`);
    return withPacked(settings.config, options, context, async ({ artifact: packing }) => {
      const artifact = await packing;
      const packed = session.plan({ ...request, artifact: artifact.artifact });
      return carryOut({ session, plan: packed, phases: allPhases, artifact }, options, context);
    });
  });
}

/** The folder is built and packed only where a server lacks the release: mostly none does. */
function needsFiles({ problems }: Plan): boolean {
  return problems.some(({ code }) => code === "reconcile-artifact");
}
