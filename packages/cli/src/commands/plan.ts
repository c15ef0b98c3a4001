import { renderPlanText } from "@deploy/core";
import { deployRequest, gatherNews } from "@deploy/session";
import { readSettings, withFleet } from "../fleet.ts";
import type { PlanOptions } from "../options.ts";
import { withPacked } from "../pack.ts";
import type { Context } from "./context.ts";

/** Reads the servers and shows what `deploy run` would do. Exit code 1 where something stands in the way. */
export async function planCommand(options: PlanOptions, context: Context): Promise<number> {
  const settings = await readSettings(options, context.io);
  return withPacked(settings.config, options, context, ({ commit, artifact: packing, signal }) => {
    const open = { verbose: options.verbose, dryRun: true, commit, phase: "plan", signal };
    return withFleet(settings, open, context, async (session) => {
      const artifact = await packing;
      const plan = session.plan(deployRequest(artifact, context.now, options));
      const { io, now } = context;
      const told = { plan, now, manifest: artifact.manifest, artifact, root: io.cwd, env: io.env };
      context.screen.say(renderPlanText(plan, await gatherNews(session, told)));
      context.screen.answer(plan);
      return plan.problems.length === 0 ? 0 : 1;
    });
  });
}
